import { JsonChecks } from '../json/json-checks.ts'
import type { LogsNormaliser } from '../otlp/logs-normaliser.ts'
import { LokiStream } from './loki-stream.ts'

const json = new JsonChecks('Loki JSON')
const NOTHING = Buffer.alloc(0)

/**
 * Drives the normaliser with a Loki push in JSON: streams of labels with values [nanoseconds, line, metadata]. An entry
 * that cannot be kept is rejected by its stream; what is of a wrong type throws NinesError 'bad_request' naming stream and
 * entry, and rows before it have been given to the normaliser by then.
 * https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs
 */
export function lokiFromJson(bytes: Buffer, normaliser: LogsNormaliser): void {
  const stream = new LokiStream(normaliser)
  const body = json.object(json.parse(bytes), 'the body')
  for (const [i, item] of json.array(body.streams, 'streams').entries()) {
    const path = `streams[${i}]`
    const { stream: labels, values } = json.object(item, path)
    const pairs = json.strings(json.object(labels, `${path}.stream`), `${path}.stream`)
    stream.begin(new Map(pairs.filter(([, value]) => value !== '')))
    for (const [k, entry] of json.array(values ?? [], `${path}.values`).entries())
      readEntry(json.array(entry, `${path}.values[${k}]`), `${path}.values[${k}]`, stream)
  }
}

function readEntry(entry: unknown[], path: string, stream: LokiStream): void {
  const [time, line, metadata] = entry
  if (entry.length < 2 || entry.length > 3)
    throw json.bad(path, `must be [time, line] or [time, line, metadata], not ${entry.length} items`)
  const nanos = nanosOf(time, `${path}[0]`)
  const record = stream.beginEntry(NOTHING)
  record.body.setText(json.string(line, `${path}[1]`))
  if (metadata !== undefined && metadata !== null)
    for (const [name, value] of json.strings(json.object(metadata, `${path}[2]`), `${path}[2]`)) {
      record.attributes.keyText(name)
      record.attributes.valueText(value)
      record.attributes.add()
      stream.recognise(name, value)
    }
  if (nanos < 0n) return stream.rejectEntry('an entry is older than 400 days')
  if (nanos >= 2n ** 64n) return stream.rejectEntry('an entry is more than 10 minutes in the future')
  record.time.setBigint(nanos)
  stream.endEntry()
}

/** Nanoseconds since the epoch as a string, and as a number where a sender makes no difference. */
function nanosOf(value: unknown, path: string): bigint {
  if (typeof value === 'string' && /^-?\d{1,30}$/.test(value)) return BigInt(value)
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  throw json.bad(path, `must be nanoseconds since the epoch as a string, not ${JSON.stringify(value)?.slice(0, 60)}`)
}
