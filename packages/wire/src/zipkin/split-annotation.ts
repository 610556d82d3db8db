import { labelText } from '../otlp/attribute.ts'

export interface SplitAnnotation {
  name: string
  attributes: [string, string][]
  dropped: number
}

/**
 * An annotation as OpenTelemetry's collector writes an event into it: `name|{"key":"value"}|dropped attributes`. Any other
 * text is a name.
 */
export function splitAnnotation(value: string): SplitAnnotation {
  const plain = { name: value, attributes: [], dropped: 0 }
  const first = value.indexOf('|')
  const last = value.lastIndexOf('|')
  if (last === first) return plain
  const attributes = attributesOf(value.slice(first + 1, last))
  const dropped = value.slice(last + 1)
  if (!attributes || !/^\d{1,9}$/.test(dropped)) return plain
  return { name: value.slice(0, first), attributes, dropped: Number(dropped) }
}

/** Attributes of an event or link as a JSON object of scalars, undefined when it is none. */
export function attributesOf(text: string): [string, string][] | undefined {
  try {
    const object: unknown = JSON.parse(text)
    if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined
    return Object.entries(object).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : labelText(value),
    ])
  } catch {
    return undefined
  }
}
