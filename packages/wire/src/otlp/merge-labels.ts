import type { Labels } from '@nines/contracts'
import { labelRefusal, type LabelLimits } from '../metrics/metric-limits.ts'
import type { Refused } from '../series/refused.ts'
import { labelText, type Attribute } from './attribute.ts'

const SCOPE_LABEL = 'otel.scope.name'

/**
 * Labels of a series: the point's attributes, the resource's and the scope's name. Where two have the same key the
 * point wins over the scope and the scope over the resource, whose value is then kept as `resource.<key>`. Of a key
 * that one list holds twice the last value counts.
 */
export function mergeLabels(
  resource: Attribute[],
  scopeName: string,
  point: Attribute[],
  limits: LabelLimits,
): Labels | Refused {
  const labels = new Map<string, string>()
  for (const { key, value } of point) labels.set(key, labelText(value))
  if (scopeName !== '' && !labels.has(SCOPE_LABEL)) labels.set(SCOPE_LABEL, scopeName)
  const own = new Set(labels.keys())
  for (const { key, value } of resource) {
    if (!own.has(key)) labels.set(key, labelText(value))
    else if (!own.has(`resource.${key}`)) labels.set(`resource.${key}`, labelText(value))
  }
  // fromEntries makes own properties of every key, `__proto__` too.
  return labelRefusal(labels, limits) ?? Object.fromEntries(labels)
}

/** Labels of an exemplar: its attributes alone. */
export function attributeLabels(attributes: Attribute[], limits: LabelLimits): Labels | Refused {
  const labels = new Map(attributes.map(({ key, value }) => [key, labelText(value)]))
  return labelRefusal(labels, limits) ?? Object.fromEntries(labels)
}
