import type { ByteSpan } from '../byte-key-map.ts'

/** A decoded AnyValue. Integers are bigint and doubles are number, because the two are written differently. */
export type AttributeValue =
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | null
  | AttributeValue[]
  | Map<string, AttributeValue>

export interface Attribute {
  key: string
  value: AttributeValue
}

/** Attributes that are decoded only when somebody needs them. */
export interface AttributeSource {
  /**
   * Bytes that are equal only for equal attributes, or undefined when there are none at little cost. They are good only
   * until the source is used for the next point.
   */
  key(): ByteSpan | undefined
  read(): Attribute[]
}

/** Nesting beyond this is refused, so that no message can exhaust the stack. */
export const MAX_ATTRIBUTE_DEPTH = 32

/** The value of a label: scalars as they are, bytes in base64, arrays and maps as JSON. */
export function labelText(value: AttributeValue): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value) || value instanceof Map) return jsonText(value)
  return String(value)
}

/** A value as JSON: bytes in base64, what JSON has no number for as a string. */
export function jsonText(value: AttributeValue): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (value instanceof Map)
    return `{${Array.from(value, ([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`).join(',')}}`
  if (value instanceof Uint8Array) return JSON.stringify(labelText(value))
  // JSON has no NaN and no infinities; protobuf's JSON mapping writes them as strings.
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value))
  return JSON.stringify(value)
}
