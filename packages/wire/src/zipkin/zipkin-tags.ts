import { STATUS_ERROR, type SpanRecord } from '../otlp/span-record.ts'
import { attributesOf } from './split-annotation.ts'

/*
 * Tags that stand for parts of a span for which Zipkin has no field, as OpenTelemetry's exporters write them.
 * https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/
 */

const STATUS_CODES: Record<string, number> = { UNSET: 0, OK: 1, ERROR: STATUS_ERROR }
const MAX_LINKS = 128

/** Takes a tag out of the tags; '' when there is none. */
function take(tags: Map<string, string>, key: string): string {
  const value = tags.get(key) ?? ''
  tags.delete(key)
  return value
}

export interface ZipkinScope {
  name: string
  version: string
}

/** Name and version of the instrumentation, also under the names that were used before. */
export function takeScope(tags: Map<string, string>): ZipkinScope {
  const [formerName, formerVersion] = [take(tags, 'otel.library.name'), take(tags, 'otel.library.version')]
  return {
    name: take(tags, 'otel.scope.name') || formerName,
    version: take(tags, 'otel.scope.version') || formerVersion,
  }
}

/** The W3C trace state, which Zipkin has no field for. */
export function takeTraceState(tags: Map<string, string>, span: SpanRecord): void {
  span.traceState.setText(take(tags, 'w3c.tracestate'))
}

/** OpenTelemetry's status, or Zipkin's own tag `error`, whose presence says that the span failed and whose text says how. */
export function takeStatus(tags: Map<string, string>, span: SpanRecord): void {
  const code = take(tags, 'otel.status_code').replace(/^STATUS_CODE_/, '')
  if (Object.hasOwn(STATUS_CODES, code)) span.statusCode = STATUS_CODES[code]!
  const description = take(tags, 'otel.status_description')
  const error = tags.get('error')
  if (error !== undefined && error !== 'false') {
    span.statusCode = STATUS_ERROR
    if (error === '' || error === 'true') tags.delete('error')
  }
  const isMessage = error !== undefined && error !== 'true' && error !== 'false'
  span.statusMessage.setText(description !== '' || !isMessage ? description : error)
}

/** Links as `otlp.link.<n>`: trace id, span id, trace state, attributes in JSON and how many were dropped, with | between. */
export function takeLinks(tags: Map<string, string>, span: SpanRecord): void {
  for (let i = 0; i < MAX_LINKS; i++) {
    const text = tags.get(`otlp.link.${i}`)
    if (text === undefined) return
    const parts = text.split('|')
    const attributes = parts.length < 5 ? undefined : attributesOf(parts.slice(3, -1).join('|'))
    const dropped = parts.at(-1) ?? ''
    // What is no link stays a tag.
    if (!attributes || !/^\d{1,9}$/.test(dropped)) continue
    tags.delete(`otlp.link.${i}`)
    const link = span.nextLink()
    link.traceId.setHex(parts[0]!)
    link.spanId.setHex(parts[1]!)
    link.traceState.setText(parts[2]!)
    for (const [key, value] of attributes) {
      link.attributes.keyText(key)
      link.attributes.valueText(value)
      link.attributes.add()
    }
    link.attributes.addDropped(Number(dropped))
  }
}
