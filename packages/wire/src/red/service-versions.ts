import { requireColumn } from '../columns/column-reader.ts'
import type { ColumnTable } from '../columns/column-table.ts'
import { TextCursor } from '../columns/text-cursor.ts'
import { wordsToMs } from '../otlp/unix-nanos.ts'

/** A `service.version` that spans carried, with the start of the first of them (epoch ms). */
export interface ServiceVersion {
  service: string
  environment: string
  version: string
  firstAt: number
}

/** The names that OpenTelemetry has had for it, newest first. */
const ENVIRONMENT = ['deployment.environment.name', 'deployment.environment'] as const

/**
 * Each service, environment and version that the spans of a table carry, once. Spans without a service or a version tell
 * nothing. Spans of one sender follow each other: a resource equal to the one before is recognised by its bytes.
 */
export function serviceVersionsOf(spans: ColumnTable): ServiceVersion[] {
  const found = new Map<string, ServiceVersion>()
  const at = viewOf(requireColumn(spans, 'at', 'DateTime64(9)').streams[0]!)
  const service = new TextCursor(requireColumn(spans, 'service', 'String').streams[0]!)
  const resources = new ResourceCursor(requireColumn(spans, 'resource', 'Map(String, String)').streams)
  let current: ServiceVersion | undefined
  for (let row = 0; row < spans.rows; row++) {
    const isSameService = service.next()
    const isSameResource = resources.next(row)
    if (row === 0 || !isSameService || !isSameResource) current = find(found, service, resources)
    if (current) current.firstAt = Math.min(current.firstAt, startMs(at, row))
  }
  return [...found.values()]
}

function find(
  found: Map<string, ServiceVersion>,
  name: TextCursor,
  resources: ResourceCursor,
): ServiceVersion | undefined {
  const attributes = resources.entries()
  const [service, version] = [name.text(), attributes.get('service.version') ?? '']
  if (service === '' || version === '') return undefined
  const environment = ENVIRONMENT.map((key) => attributes.get(key)).find((value) => value !== undefined) ?? ''
  const key = JSON.stringify([service, environment, version])
  const known = found.get(key)
  if (known) return known
  const made = { service, environment, version, firstAt: Infinity }
  found.set(key, made)
  return made
}

/** Goes through the maps of a column one after the other. */
class ResourceCursor {
  readonly #ends: DataView
  readonly #keys: TextCursor
  readonly #values: TextCursor
  #count = 0
  #from = { keys: 0, values: 0 }

  constructor(streams: readonly Buffer[]) {
    const [ends, keys, values] = streams as [Buffer, Buffer, Buffer]
    this.#ends = viewOf(ends)
    this.#keys = new TextCursor(keys)
    this.#values = new TextCursor(values)
  }

  /** Goes to the map of the row; answers whether it is equal, entry for entry, to the one before. */
  next(row: number): boolean {
    const before = { ...this.#from, keysEnd: this.#keys.end, valuesEnd: this.#values.end }
    this.#from = { keys: this.#keys.end, values: this.#values.end }
    const end = this.#ends.getUint32(8 * row, true)
    const start = row === 0 ? 0 : this.#ends.getUint32(8 * row - 8, true)
    this.#count = end - start
    for (let i = start; i < end; i++) {
      this.#keys.next()
      this.#values.next()
    }
    const [keys, values] = [this.#keys, this.#values]
    return (
      isSame(keys.bytes, before.keys, before.keysEnd, keys.end) &&
      isSame(values.bytes, before.values, before.valuesEnd, values.end)
    )
  }

  /** The entries of the map. */
  entries(): Map<string, string> {
    const keys = new TextCursor(this.#keys.bytes.subarray(this.#from.keys))
    const values = new TextCursor(this.#values.bytes.subarray(this.#from.values))
    const entries = new Map<string, string>()
    for (let i = 0; i < this.#count; i++) {
      keys.next()
      values.next()
      entries.set(keys.text(), values.text())
    }
    return entries
  }
}

/** Whether the bytes from..middle and middle..end are equal. */
function isSame(bytes: Buffer, from: number, middle: number, end: number): boolean {
  return middle - from === end - middle && bytes.compare(bytes, middle, end, from, middle) === 0
}

function startMs(at: DataView, row: number): number {
  return wordsToMs(at.getUint32(8 * row + 4, true), at.getUint32(8 * row, true))
}

function viewOf(stream: Buffer): DataView {
  return new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
}
