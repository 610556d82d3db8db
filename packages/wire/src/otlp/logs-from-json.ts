import { readJsonAnyValue } from './json-attributes.ts'
import { enumField, objectField, stringField, type JsonObject } from './json-fields.ts'
import { readJsonAttributes } from './json-record-attributes.ts'
import type { LogsNormaliser } from './logs-normaliser.ts'
import { jsonUint32, readJsonId, readJsonNanos, walkJsonRecords } from './walk-json-records.ts'

const KEYS = ['resourceLogs', 'scopeLogs', 'logRecords'] as const
const NOTHING = Buffer.alloc(0)

/**
 * Drives the normaliser with an ExportLogsServiceRequest in OTLP's JSON encoding. Unknown keys are ignored. Throws
 * NinesError 'bad_request' naming the field; rows before it have been given to the normaliser by then.
 */
export function logsFromJson(bytes: Buffer, normaliser: LogsNormaliser): void {
  walkJsonRecords(bytes, KEYS, normaliser.source, (item, path) => readRecord(item, path, normaliser))
}

function readRecord(item: JsonObject, path: string, normaliser: LogsNormaliser): void {
  const { record } = normaliser
  record.begin(NOTHING)
  readJsonNanos(item, 'timeUnixNano', path, record.time)
  readJsonNanos(item, 'observedTimeUnixNano', path, record.observed)
  record.severityNumber = enumField(item, 'severityNumber', path)
  record.severityText.setText(stringField(item, 'severityText', path))
  const body = objectField(item, 'body', path)
  if (body) record.setBody(readJsonAnyValue(body, `${path}.body`, 0))
  readJsonAttributes(item, path, record.attributes)
  record.droppedAttributes = jsonUint32(item, 'droppedAttributesCount', path)
  record.flags = jsonUint32(item, 'flags', path)
  readJsonId(item, 'traceId', path, record.traceId)
  readJsonId(item, 'spanId', path, record.spanId)
  record.eventName.setText(stringField(item, 'eventName', path))
  normaliser.add()
}
