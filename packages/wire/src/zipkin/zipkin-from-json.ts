import { JsonChecks, type JsonObject } from '../json/json-checks.ts'
import type { AttributeMap } from '../otlp/attribute-map.ts'
import type { IdField } from '../otlp/record-fields.ts'
import type { SpanRecord } from '../otlp/span-record.ts'
import type { TracesNormaliser } from '../otlp/traces-normaliser.ts'
import { ZipkinOrigin } from './zipkin-origin.ts'
import { takeLinks, takeScope, takeStatus, takeTraceState } from './zipkin-tags.ts'
import { splitAnnotation } from './split-annotation.ts'

const json = new JsonChecks('Zipkin JSON')
const NOTHING = Buffer.alloc(0)
const NANOS_PER_MICRO = 1_000n
/** OTLP's SpanKind. */
const KINDS: Record<string, number> = { SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 }
const INTERNAL = 1

/**
 * Drives the normaliser with a list of spans in Zipkin's v2 JSON, translated as OpenTelemetry's collector does. A span that
 * cannot be kept is rejected by name; what is of a wrong type throws NinesError 'bad_request' saying where, and rows before
 * it have been given to the normaliser by then.
 * https://zipkin.io/zipkin-api/#/default/post_spans
 */
export function zipkinFromJson(bytes: Buffer, normaliser: TracesNormaliser): void {
  const origin = new ZipkinOrigin(normaliser.source)
  for (const [i, item] of json.array(json.parse(bytes), 'the body').entries()) {
    readSpan(json.object(item, `[${i}]`), `[${i}]`, normaliser.span, origin)
    normaliser.add()
  }
}

function readSpan(item: JsonObject, path: string, span: SpanRecord, origin: ZipkinOrigin): void {
  const local = json.optionalObject(item, 'localEndpoint', path)
  const remote = json.optionalObject(item, 'remoteEndpoint', path)
  const tags = new Map(json.strings(json.optionalObject(item, 'tags', path) ?? {}, `${path}.tags`))
  origin.set(local ? json.optionalString(local, 'serviceName', `${path}.localEndpoint`) : '', takeScope(tags))
  span.begin(NOTHING)
  span.name.setText(json.optionalString(item, 'name', path))
  readIds(item, path, span)
  span.kind = kindOf(json.optionalString(item, 'kind', path), tags)
  readTimes(item, path, span)
  takeTraceState(tags, span)
  takeStatus(tags, span)
  takeLinks(tags, span)
  const { attributes } = span
  for (const [key, value] of tags) putText(attributes, key, value)
  if (local) readEndpoint(local, `${path}.localEndpoint`, 'net.host', attributes)
  if (remote) {
    const peer = json.optionalString(remote, 'serviceName', `${path}.remoteEndpoint`)
    if (peer !== '') putText(attributes, 'peer.service', peer)
    readEndpoint(remote, `${path}.remoteEndpoint`, 'net.peer', attributes)
  }
  // Client and server wrote one span together and share its id: without this the two halves could not be told apart.
  if (json.optionalBoolean(item, 'shared', path)) putText(attributes, 'zipkin.shared', 'true')
}

function readIds(item: JsonObject, path: string, span: SpanRecord): void {
  setId(span.traceId, json.optionalString(item, 'traceId', path), 16)
  const id = json.optionalString(item, 'id', path)
  setId(span.spanId, id, 8)
  const parent = json.optionalString(item, 'parentId', path)
  // Some tracers write the root's own id as its parent.
  if (parent !== id) setId(span.parentSpanId, parent, 8)
}

/** Ids are hexadecimal without the leading zeros: those of traces have 64 or 128 bits. */
function setId(field: IdField, text: string, bytes: number): void {
  if (text !== '') field.setHex(text.padStart(bytes * 2, '0'))
}

function kindOf(kind: string, tags: Map<string, string>): number {
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind]! : 0
  if (known === 0 && tags.get('span.kind') === 'internal') {
    tags.delete('span.kind')
    return INTERNAL
  }
  return known
}

/** A span without a time began with its first annotation: Zipkin lets late halves of a span leave it out. */
function readTimes(item: JsonObject, path: string, span: SpanRecord): void {
  let start = json.optionalCount(item, 'timestamp', path)
  for (const [i, entry] of json.optionalArray(item, 'annotations', path).entries()) {
    const place = `${path}.annotations[${i}]`
    const annotation = json.object(entry, place)
    const at = json.optionalCount(annotation, 'timestamp', place)
    const event = span.nextEvent()
    const { name, attributes, dropped } = splitAnnotation(json.optionalString(annotation, 'value', place))
    event.time.setBigint(BigInt(at) * NANOS_PER_MICRO)
    event.name.setText(name)
    for (const [key, value] of attributes) putText(event.attributes, key, value)
    event.attributes.addDropped(dropped)
    if (at > 0 && json.optionalCount(item, 'timestamp', path) === 0 && (start === 0 || at < start)) start = at
  }
  if (start === 0) return
  const duration = json.optionalCount(item, 'duration', path)
  span.start.setBigint(BigInt(start) * NANOS_PER_MICRO)
  span.end.setBigint(BigInt(start + duration) * NANOS_PER_MICRO)
}

function readEndpoint(endpoint: JsonObject, path: string, prefix: string, into: AttributeMap): void {
  const ip = json.optionalString(endpoint, 'ipv6', path) || json.optionalString(endpoint, 'ipv4', path)
  if (ip !== '') putText(into, `${prefix}.ip`, ip)
  const port = json.optionalCount(endpoint, 'port', path)
  if (port > 0) putText(into, `${prefix}.port`, String(port))
}

function putText(into: AttributeMap, key: string, value: string): void {
  into.keyText(key)
  into.valueText(value)
  into.add()
}
