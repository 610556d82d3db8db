import { enumField, objectField, stringField, type JsonObject } from './json-fields.ts'
import { readJsonAttributes } from './json-record-attributes.ts'
import type { SpanRecord } from './span-record.ts'
import type { TracesNormaliser } from './traces-normaliser.ts'
import { jsonItems, jsonUint32, readJsonId, readJsonNanos, walkJsonRecords } from './walk-json-records.ts'

const KEYS = ['resourceSpans', 'scopeSpans', 'spans'] as const
const NOTHING = Buffer.alloc(0)

/**
 * Drives the normaliser with an ExportTraceServiceRequest in OTLP's JSON encoding. Unknown keys are ignored. Throws
 * NinesError 'bad_request' naming the field; rows before it have been given to the normaliser by then.
 */
export function tracesFromJson(bytes: Buffer, normaliser: TracesNormaliser): void {
  walkJsonRecords(bytes, KEYS, normaliser.source, (item, path) => {
    readSpan(item, path, normaliser.span)
    normaliser.add()
  })
}

function readSpan(item: JsonObject, path: string, span: SpanRecord): void {
  span.begin(NOTHING)
  readJsonId(item, 'traceId', path, span.traceId)
  readJsonId(item, 'spanId', path, span.spanId)
  readJsonId(item, 'parentSpanId', path, span.parentSpanId)
  span.traceState.setText(stringField(item, 'traceState', path))
  span.name.setText(stringField(item, 'name', path))
  span.kind = enumField(item, 'kind', path)
  readJsonNanos(item, 'startTimeUnixNano', path, span.start)
  readJsonNanos(item, 'endTimeUnixNano', path, span.end)
  readJsonAttributes(item, path, span.attributes)
  span.droppedAttributes = jsonUint32(item, 'droppedAttributesCount', path)
  span.droppedEvents = jsonUint32(item, 'droppedEventsCount', path)
  span.droppedLinks = jsonUint32(item, 'droppedLinksCount', path)
  span.flags = jsonUint32(item, 'flags', path)
  const status = objectField(item, 'status', path)
  if (status) {
    span.statusMessage.setText(stringField(status, 'message', `${path}.status`))
    span.statusCode = enumField(status, 'code', `${path}.status`)
  }
  for (const [event, place] of jsonItems(item, 'events', path)) readEvent(event, place, span)
  for (const [link, place] of jsonItems(item, 'links', path)) readLink(link, place, span)
}

function readEvent(item: JsonObject, path: string, span: SpanRecord): void {
  const event = span.nextEvent()
  readJsonNanos(item, 'timeUnixNano', path, event.time)
  event.name.setText(stringField(item, 'name', path))
  readJsonAttributes(item, path, event.attributes)
  event.attributes.addDropped(jsonUint32(item, 'droppedAttributesCount', path))
}

function readLink(item: JsonObject, path: string, span: SpanRecord): void {
  const link = span.nextLink()
  readJsonId(item, 'traceId', path, link.traceId)
  readJsonId(item, 'spanId', path, link.spanId)
  link.traceState.setText(stringField(item, 'traceState', path))
  readJsonAttributes(item, path, link.attributes)
  link.attributes.addDropped(jsonUint32(item, 'droppedAttributesCount', path))
}
