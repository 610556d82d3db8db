import type { BlockBuilder } from '../block/block-builder.ts'
import type { TableBuilders } from '../block/table-rows-of-block.ts'
import type { ByteStream } from '../columns/byte-stream.ts'
import { clockFault, DEFAULT_CLOCK_WINDOW, futureFault, type ClockWindow } from './clock-window.ts'
import type { NanosField } from './record-fields.ts'
import { RecordSource } from './record-source.ts'
import { quoted, RejectedRows, type IngestOutcome } from './rejected-rows.ts'
import { STATUS_ERROR, SpanRecord } from './span-record.ts'

const MAX_NAME_BYTES = 1_024
const MAX_LONG_TEXT_BYTES = 65_536
/** W3C asks for at least 512 characters of trace state; this is what some senders need. */
const MAX_TRACE_STATE_BYTES = 4_096
const MAX_EVENTS = 4_096
const MAX_LINKS = 4_096
/** OTLP's SPAN_KIND_CONSUMER. */
const MAX_KIND = 5

/**
 * Turns spans of one request into rows. Every format drives this one class, in the order of the message: it fills
 * `source` for each resource and scope and `span` for each span and calls `add`.
 *
 * What a span must satisfy: ids of a trace and a span; a start within the clock window, an end not ahead of it; sizes within limits. A span that does not is rejected and named, the rest is kept. An end before the start, or
 * none, makes a duration of 0: clocks are set back and spans are exported unfinished, and neither makes the rest of what a
 * span says less true.
 */
export class TracesNormaliser {
  readonly source = new RecordSource()
  readonly span = new SpanRecord()
  readonly #table: TableBuilders['spans']
  readonly #now: number
  readonly #window: ClockWindow
  readonly #rejected = new RejectedRows('span')
  #accepted = 0

  constructor(builder: BlockBuilder, now: number, window: ClockWindow = DEFAULT_CLOCK_WINDOW) {
    this.#table = builder.table('spans')
    this.#window = window
    this.#now = now
  }

  /** Takes the span, or counts it as rejected. */
  add(): void {
    const fault = this.source.fault || this.#fault()
    if (fault) return this.reject(fault)
    this.#write()
    this.#accepted++
  }

  /** Counts the span as rejected. */
  reject(reason: string): void {
    const { service } = this.source
    const of = service === '' ? '' : `service ${quoted(service)}, `
    this.#rejected.add(`${of}span ${quoted(this.span.name.toString())}`, reason, 1)
  }

  outcome(): IngestOutcome {
    return { accepted: this.#accepted, rejected: this.#rejected.count, message: this.#rejected.message() }
  }

  #fault(): string {
    const { span } = this
    if (!span.traceId.isValid) return `its trace id ${span.traceId.fault}`
    if (!span.spanId.isValid) return `its span id ${span.spanId.fault}`
    if (!span.parentSpanId.isNone && !span.parentSpanId.isValid) return `its parent span id ${span.parentSpanId.fault}`
    if (span.start.isUnset) return 'it has no start time'
    const late = clockFault(span.start.ms, this.#now, 'a span', this.#window)
    const early = futureFault(span.end.ms, this.#now, 'a span ends', this.#window)
    if (late || early) return late || early
    return this.#sizeFault() || span.attributes.fault('a span') || this.#eventFault() || this.#linkFault()
  }

  #sizeFault(): string {
    const { span } = this
    if (span.name.size > MAX_NAME_BYTES) return `a span name is longer than ${MAX_NAME_BYTES} bytes`
    if (span.traceState.size > MAX_TRACE_STATE_BYTES)
      return `a trace state is longer than ${MAX_TRACE_STATE_BYTES} bytes`
    if (span.statusMessage.size > MAX_LONG_TEXT_BYTES)
      return `a status message is longer than ${MAX_LONG_TEXT_BYTES} bytes`
    if (span.eventCount > MAX_EVENTS) return `a span has ${span.eventCount} events, at most ${MAX_EVENTS} are allowed`
    if (span.linkCount > MAX_LINKS) return `a span has ${span.linkCount} links, at most ${MAX_LINKS} are allowed`
    return ''
  }

  #eventFault(): string {
    const { span } = this
    for (let i = 0; i < span.eventCount; i++) {
      const { attributes, name, time } = span.event(i)
      const early = futureFault(time.ms, this.#now, 'an event is', this.#window)
      if (early) return early
      if (name.size > MAX_NAME_BYTES) return `an event name is longer than ${MAX_NAME_BYTES} bytes`
      const fault = attributes.fault('an event')
      if (fault) return fault
    }
    return ''
  }

  #linkFault(): string {
    const { span } = this
    for (let i = 0; i < span.linkCount; i++) {
      const { traceId, spanId, traceState, attributes } = span.link(i)
      if (!traceId.isNone && !traceId.isValid) return `the trace id of a link ${traceId.fault}`
      if (!spanId.isNone && !spanId.isValid) return `the span id of a link ${spanId.fault}`
      if (traceState.size > MAX_TRACE_STATE_BYTES)
        return `the trace state of a link is longer than ${MAX_TRACE_STATE_BYTES} bytes`
      const fault = attributes.fault('a link')
      if (fault) return fault
    }
    return ''
  }

  #write(): void {
    const { span, source } = this
    const { column } = this.#table
    span.start.write(column.at.values)
    writeDuration(column.duration.values, span.start, span.end)
    span.traceId.write(column.trace_id.values)
    span.spanId.write(column.span_id.values)
    span.parentSpanId.write(column.parent_span_id.values)
    span.traceState.write(column.trace_state.values)
    span.name.write(column.name.values)
    column.kind.values.uint8(span.kind >= 0 && span.kind <= MAX_KIND ? span.kind : 0)
    source.writeResource(column.service, column.resource)
    source.writeScope(column.scope_name, column.scope_version, column.scope_attributes)
    column.status_code.values.uint8(span.statusCode >= 0 && span.statusCode <= STATUS_ERROR ? span.statusCode : 0)
    span.statusMessage.write(column.status_message.values)
    span.attributes.write(column.attributes)
    column.attributes.endRow(span.attributes.count)
    column.flags.values.uint32(span.flags)
    column.dropped_attributes.values.uint32(span.droppedAttributes)
    column.dropped_events.values.uint32(span.droppedEvents)
    column.dropped_links.values.uint32(span.droppedLinks)
    this.#writeEvents()
    this.#writeLinks()
    this.#table.endRow()
  }

  #writeEvents(): void {
    const { column } = this.#table
    const { span } = this
    for (let i = 0; i < span.eventCount; i++) {
      const { time, name, attributes } = span.event(i)
      time.write(column.event_at.values)
      name.write(column.event_name.values)
      attributes.write(column.event_attributes)
      column.event_attributes.endRow(attributes.count, 1)
    }
    column.event_at.endRow(span.eventCount)
    column.event_name.endRow(span.eventCount)
    column.event_attributes.endRow(span.eventCount)
  }

  #writeLinks(): void {
    const { column } = this.#table
    const { span } = this
    for (let i = 0; i < span.linkCount; i++) {
      const { traceId, spanId, traceState, attributes } = span.link(i)
      traceId.write(column.link_trace_id.values)
      spanId.write(column.link_span_id.values)
      traceState.write(column.link_trace_state.values)
      attributes.write(column.link_attributes)
      column.link_attributes.endRow(attributes.count, 1)
    }
    column.link_trace_id.endRow(span.linkCount)
    column.link_span_id.endRow(span.linkCount)
    column.link_trace_state.endRow(span.linkCount)
    column.link_attributes.endRow(span.linkCount)
  }
}

/** End less start in nanoseconds, 0 where the end is not behind the start. */
function writeDuration(stream: ByteStream, start: NanosField, end: NanosField): void {
  const isBehind = end.high > start.high || (end.high === start.high && end.low > start.low)
  if (!isBehind) return stream.word64(0, 0)
  const borrow = end.low < start.low ? 1 : 0
  stream.word64(end.low - start.low, end.high - start.high - borrow)
}
