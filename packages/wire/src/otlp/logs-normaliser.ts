import type { BlockBuilder } from '../block/block-builder.ts'
import type { TableBuilders } from '../block/table-rows-of-block.ts'
import { ByteStream } from '../columns/byte-stream.ts'
import { AttributeMap } from './attribute-map.ts'
import { jsonText, type AttributeValue } from './attribute.ts'
import { clockFault, DEFAULT_CLOCK_WINDOW, type ClockWindow } from './clock-window.ts'
import { IdField, NanosField, TextField } from './record-fields.ts'
import { RecordSource } from './record-source.ts'
import { quoted, RejectedRows, type IngestOutcome } from './rejected-rows.ts'

export const MAX_BODY_BYTES = 1_048_576
const MAX_SHORT_TEXT_BYTES = 1_024
/** OTLP's SEVERITY_NUMBER_FATAL4. */
const MAX_SEVERITY = 24

/** One log record between a decoder and the columns. The decoder clears it, fills it and hands it over. */
export class LogRecord {
  readonly #scratch = new ByteStream()
  readonly time = new NanosField()
  readonly observed = new NanosField()
  readonly severityText = new TextField()
  readonly body = new TextField()
  readonly eventName = new TextField()
  readonly attributes = new AttributeMap(this.#scratch)
  readonly traceId = new IdField(16)
  readonly spanId = new IdField(8)
  severityNumber = 0
  /** The body was no string and is written as JSON. */
  bodyIsJson = false
  flags = 0
  droppedAttributes = 0

  /** Starts a record whose places refer to these bytes. */
  begin(bytes: Buffer): void {
    this.#scratch.truncate(0)
    this.time.clear()
    this.observed.clear()
    this.severityText.clear()
    this.body.clear()
    this.eventName.clear()
    this.attributes.begin(bytes)
    this.traceId.clear()
    this.spanId.clear()
    this.severityNumber = 0
    this.bodyIsJson = false
    this.flags = 0
    this.droppedAttributes = 0
  }

  /** Takes a body of any type: text as it is, nothing as empty, anything else as JSON. */
  setBody(value: AttributeValue): void {
    if (typeof value === 'string') return this.body.setText(value)
    if (value === null) return
    this.body.setText(jsonText(value))
    this.bodyIsJson = true
  }
}

/**
 * Turns log records of one request into rows. Every format drives this one class, in the order of the message: it fills
 * `source` for each resource and scope and `record` for each record and calls `add`.
 *
 * The instant of a record is its time, else when it was observed, else now, as OTLP says. It must lie within the
 * clock window, and sizes within limits; a record that does not is rejected and named and the rest is kept.
 * An id of a trace or span that is none counts as not given, which OTLP demands of receivers.
 */
export class LogsNormaliser {
  readonly source = new RecordSource()
  readonly record = new LogRecord()
  readonly #table: TableBuilders['logs']
  readonly #now: number
  readonly #window: ClockWindow
  readonly #nowNanos = new NanosField()
  readonly #rejected = new RejectedRows('record')
  #accepted = 0

  constructor(builder: BlockBuilder, now: number, window: ClockWindow = DEFAULT_CLOCK_WINDOW) {
    this.#table = builder.table('logs')
    this.#window = window
    this.#now = now
    this.#nowNanos.setBigint(BigInt(Math.trunc(now)) * 1_000_000n)
  }

  /** Takes the record, or counts it as rejected. `within` as in `reject`. */
  add(within = ''): void {
    const { time, observed } = this.record
    const at = !time.isUnset ? time : !observed.isUnset ? observed : this.#nowNanos
    const fault = this.source.fault || this.#fault(at)
    if (fault) return this.reject(fault, within)
    this.#write(at)
    this.#accepted++
  }

  /** Counts the record as rejected. `within` names where it stood when that is not the service alone. */
  reject(reason: string, within = ''): void {
    const of = this.source.service === '' ? 'logs without a service' : `service ${quoted(this.source.service)}`
    this.#rejected.add(within === '' ? of : `${of}, ${within}`, reason, 1)
  }

  outcome(): IngestOutcome {
    return { accepted: this.#accepted, rejected: this.#rejected.count, message: this.#rejected.message() }
  }

  #fault(at: NanosField): string {
    const { body, severityText, eventName, attributes } = this.record
    const late = clockFault(at.ms, this.#now, 'a record', this.#window)
    if (late) return late
    if (body.size > MAX_BODY_BYTES) return `a body has ${body.size} bytes, at most ${MAX_BODY_BYTES} are allowed`
    if (severityText.size > MAX_SHORT_TEXT_BYTES) return `a severity text is longer than ${MAX_SHORT_TEXT_BYTES} bytes`
    if (eventName.size > MAX_SHORT_TEXT_BYTES) return `an event name is longer than ${MAX_SHORT_TEXT_BYTES} bytes`
    return attributes.fault('a record')
  }

  /** When a record was observed only says how long it was on the way; a clock that is far off says nothing. */
  #observedAt(): NanosField {
    const { observed } = this.record
    return observed.isUnset || clockFault(observed.ms, this.#now, '', this.#window) !== '' ? this.#nowNanos : observed
  }

  #write(at: NanosField): void {
    const { record, source } = this
    const { column } = this.#table
    const { severityNumber } = record
    at.write(column.at.values)
    this.#observedAt().write(column.observed_at.values)
    source.writeResource(column.service, column.resource)
    source.writeScope(column.scope_name, column.scope_version, column.scope_attributes)
    column.severity_number.values.uint8(severityNumber >= 0 && severityNumber <= MAX_SEVERITY ? severityNumber : 0)
    record.severityText.write(column.severity_text.values)
    record.body.write(column.body.values)
    column.body_is_json.values.uint8(record.bodyIsJson ? 1 : 0)
    record.eventName.write(column.event_name.values)
    record.attributes.write(column.attributes)
    column.attributes.endRow(record.attributes.count)
    record.traceId.write(column.trace_id.values)
    record.spanId.write(column.span_id.values)
    column.flags.values.uint32(record.flags)
    column.dropped_attributes.values.uint32(record.droppedAttributes)
    this.#table.endRow()
  }
}
