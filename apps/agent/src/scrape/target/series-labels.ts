import type { Label } from '../exposition/exposition.ts'

/** Put before an exposed label whose name the target's labels claim. */
const EXPORTED = 'exported_'

/**
 * The labels of a series from those that the target exposes and those that are attached to it, sorted by name. Where
 * both have a name, the attached one wins and the exposed one is renamed, or, with `honor`, the exposed one wins; an
 * exposed label that is empty then takes the attached one away (Prometheus, `honor_labels`).
 */
export function seriesLabels(
  name: string,
  exposed: readonly Label[],
  attached: readonly Label[],
  honor: boolean,
): Label[] {
  const labels = new Map<string, string>()
  const has = (labels: readonly Label[], name: string) => labels.some(([other]) => other === name)
  for (const [key, value] of exposed) {
    if (value === '') continue
    if (honor || !has(attached, key)) labels.set(key, value)
    else {
      let renamed = EXPORTED + key
      while (has(attached, renamed) || has(exposed, renamed) || labels.has(renamed)) renamed = EXPORTED + renamed
      labels.set(renamed, value)
    }
  }
  for (const [key, value] of attached) if (!honor || !has(exposed, key)) labels.set(key, value)
  labels.set('__name__', name)
  return [...labels].sort(([a], [b]) => (a < b ? -1 : 1))
}
