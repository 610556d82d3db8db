import type { Labels } from '@nines/contracts'
import { labelText, type Attribute } from './attribute.ts'

export const MAX_LABELS = 128
export const MAX_LABEL_KEY_BYTES = 256
export const MAX_LABEL_VALUE_BYTES = 4_096
const SCOPE_LABEL = 'otel.scope.name'

/**
 * Labels of a series: the point's attributes, the resource's and the scope's name. Where two have the same key the
 * point wins over the scope and the scope over the resource, whose value is then kept as `resource.<key>`. Of a key
 * that one list holds twice the last value counts. Answers a sentence where a limit is broken.
 */
export function mergeLabels(resource: Attribute[], scopeName: string, point: Attribute[]): Labels | string {
  const labels = new Map<string, string>()
  for (const { key, value } of point) labels.set(key, labelText(value))
  if (scopeName !== '' && !labels.has(SCOPE_LABEL)) labels.set(SCOPE_LABEL, scopeName)
  const own = new Set(labels.keys())
  for (const { key, value } of resource) {
    if (!own.has(key)) labels.set(key, labelText(value))
    else if (!own.has(`resource.${key}`)) labels.set(`resource.${key}`, labelText(value))
  }
  // fromEntries makes own properties of every key, `__proto__` too.
  return limitFault(labels) || Object.fromEntries(labels)
}

/** Labels of an exemplar: its attributes alone. Answers a sentence where a limit is broken. */
export function attributeLabels(attributes: Attribute[]): Labels | string {
  const labels = new Map(attributes.map(({ key, value }) => [key, labelText(value)]))
  return limitFault(labels) || Object.fromEntries(labels)
}

export function limitFault(labels: ReadonlyMap<string, string>): string {
  if (labels.size > MAX_LABELS) return `a point has ${labels.size} labels, at most ${MAX_LABELS} are allowed`
  for (const [key, value] of labels) {
    if (key === '') return 'a label has an empty key'
    if (key.length > MAX_LABEL_KEY_BYTES || Buffer.byteLength(key) > MAX_LABEL_KEY_BYTES)
      return `the label key ${JSON.stringify(key.slice(0, 40))}... is longer than ${MAX_LABEL_KEY_BYTES} bytes`
    if (value.length > MAX_LABEL_VALUE_BYTES || Buffer.byteLength(value) > MAX_LABEL_VALUE_BYTES)
      return `the value of label ${JSON.stringify(key)} is longer than ${MAX_LABEL_VALUE_BYTES} bytes`
  }
  return ''
}
