import { ByteStream } from '../columns/byte-stream.ts'
import { AttributeMap } from './attribute-map.ts'
import { IdField, NanosField, TextField } from './record-fields.ts'

/** OTLP's StatusCode. */
export const STATUS_UNSET = 0
export const STATUS_ERROR = 2

/** An event of a span. */
export class SpanEvent {
  readonly time = new NanosField()
  readonly name = new TextField()
  readonly attributes: AttributeMap

  constructor(scratch: ByteStream) {
    this.attributes = new AttributeMap(scratch)
  }

  begin(bytes: Buffer): void {
    this.time.clear()
    this.name.clear()
    this.attributes.begin(bytes)
  }
}

/** A link from a span to another one. */
export class SpanLink {
  readonly traceId = new IdField(16)
  readonly spanId = new IdField(8)
  readonly traceState = new TextField()
  readonly attributes: AttributeMap

  constructor(scratch: ByteStream) {
    this.attributes = new AttributeMap(scratch)
  }

  begin(bytes: Buffer): void {
    this.traceId.clear()
    this.spanId.clear()
    this.traceState.clear()
    this.attributes.begin(bytes)
  }
}

/** One span between a decoder and the columns. The decoder clears it, fills it and hands it over. */
export class SpanRecord {
  readonly #scratch = new ByteStream()
  readonly traceId = new IdField(16)
  readonly spanId = new IdField(8)
  readonly parentSpanId = new IdField(8)
  readonly traceState = new TextField()
  readonly name = new TextField()
  readonly start = new NanosField()
  readonly end = new NanosField()
  readonly attributes = new AttributeMap(this.#scratch)
  readonly statusMessage = new TextField()
  kind = 0
  statusCode = STATUS_UNSET
  flags = 0
  droppedAttributes = 0
  droppedEvents = 0
  droppedLinks = 0
  eventCount = 0
  linkCount = 0
  /** Made as they are needed and used again by later spans. */
  readonly #events: SpanEvent[] = []
  readonly #links: SpanLink[] = []
  #bytes: Buffer = Buffer.alloc(0)

  /** Starts a span whose places refer to these bytes. */
  begin(bytes: Buffer): void {
    this.#bytes = bytes
    this.#scratch.truncate(0)
    this.traceId.clear()
    this.spanId.clear()
    this.parentSpanId.clear()
    this.traceState.clear()
    this.name.clear()
    this.start.clear()
    this.end.clear()
    this.attributes.begin(bytes)
    this.statusMessage.clear()
    this.kind = 0
    this.statusCode = STATUS_UNSET
    this.flags = 0
    this.droppedAttributes = 0
    this.droppedEvents = 0
    this.droppedLinks = 0
    this.eventCount = 0
    this.linkCount = 0
  }

  /** One more event, empty. */
  nextEvent(): SpanEvent {
    const event = (this.#events[this.eventCount++] ??= new SpanEvent(this.#scratch))
    event.begin(this.#bytes)
    return event
  }

  /** One more link, empty. */
  nextLink(): SpanLink {
    const link = (this.#links[this.linkCount++] ??= new SpanLink(this.#scratch))
    link.begin(this.#bytes)
    return link
  }

  event(i: number): SpanEvent {
    return this.#events[i]!
  }

  link(i: number): SpanLink {
    return this.#links[i]!
  }
}
