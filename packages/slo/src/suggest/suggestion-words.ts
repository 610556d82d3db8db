import type { SuggestionAspect } from '@nines/contracts'

/** What a suggestion is about. */
export interface SuggestionSubject {
  aspect: SuggestionAspect
  scope: string
  operation: string | null
  service: { name: string; slug: string }
  /** Of a latency or a level: `300 ms`. */
  threshold: string | null
  /** Of a check its name; of a level its metric. */
  what: string
}

const LONGEST_NAME = 120
const LONGEST_SLUG = 63

/** A name as people give SLOs. */
export function suggestionName(subject: SuggestionSubject): string {
  const { aspect, scope, operation, service, threshold, what } = subject
  const text = (() => {
    if (aspect === 'check') return `${what} passes`
    if (aspect === 'freshness') return `${service.name}: ${what} stays at or below ${threshold}`
    if (aspect === 'logs') return `${service.name} logs no errors`
    if (operation !== null)
      return aspect === 'latency'
        ? `${service.name}: ${operation} within ${threshold}`
        : `${service.name}: ${operation} succeeds`
    if (scope === 'messages')
      return aspect === 'latency'
        ? `${service.name} handles messages within ${threshold}`
        : `${service.name} handles messages without errors`
    if (aspect === 'latency') return `${service.name} answers within ${threshold}`
    if (scope === 'requests' || scope === 'calls') return `${service.name} answers without errors`
    return `${service.name}: ${scope} without failures`
  })()
  return text.slice(0, LONGEST_NAME).trim()
}

/** What it promises to users. */
export function suggestionDescription({ aspect, scope, operation, threshold, what }: SuggestionSubject): string {
  const events = scope === 'messages' ? 'messages' : scope === 'requests' || scope === 'calls' ? 'requests' : 'events'
  const of = operation === null ? events : `${events} of ${operation}`
  if (aspect === 'check') return `Runs of the check ${what} that passed.`
  if (aspect === 'freshness') return `Samples of ${what} at or below ${threshold}.`
  if (aspect === 'logs') return 'Log records that are no errors.'
  return aspect === 'latency' ? `Share of ${of} within ${threshold}.` : `Share of ${of} that did not fail.`
}

/** A short name that none of the taken ones is. */
export function suggestionSlug(
  { aspect, scope, operation, service, what }: SuggestionSubject,
  taken: ReadonlySet<string>,
): string {
  const isServed = scope === 'requests' || scope === 'calls'
  const about = aspect === 'check' || aspect === 'freshness' ? what : (operation ?? (isServed ? '' : scope))
  const base = slugged(`${service.slug} ${aspect === 'check' ? '' : aspect} ${about}`, LONGEST_SLUG)
  if (!taken.has(base)) return base
  for (let i = 2; ; i++) {
    const ending = `-${i}`
    const slug = slugged(base, LONGEST_SLUG - ending.length) + ending
    if (!taken.has(slug)) return slug
  }
}

function slugged(text: string, longest: number): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, longest)
    .replace(/-+$/, '')
}

/** `300 ms`, `1.5 s`, `40 {message}`; a second and more in seconds. */
export function valueText(value: number, unit: string): string {
  const round = (number: number) => String(Number(number.toPrecision(4)))
  const ms = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 }[unit]
  if (ms === undefined)
    return [round(value), unit.replace(/[{}]/g, '')].filter((part) => part !== '' && part !== '1').join(' ')
  const inMs = value * ms
  return inMs >= 1000 ? `${round(inMs / 1000)} s` : `${round(inMs)} ms`
}
