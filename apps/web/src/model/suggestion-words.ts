import type { SloSuggestion, SuggestionAspect } from '@nines/contracts'
import { formatCount, formatMillis } from './format-number.ts'
import { formatRatio } from './format-ratio.ts'
import { formatInstant } from './format-time.ts'

/** What a suggestion is about, in a word. */
export const ASPECT_WORDS: Record<SuggestionAspect, string> = {
  availability: 'Availability',
  latency: 'Latency',
  freshness: 'Freshness',
  check: 'Check',
  logs: 'Logs',
}

/** `120 an hour`, `0.8 an hour`. */
export function trafficText(eventsPerHour: number): string {
  const count = eventsPerHour < 10 ? Number(eventsPerHour.toPrecision(2)) : Math.round(eventsPerHour)
  return `${count.toLocaleString('en')} an hour`
}

/** What the default rules would have raised: `2 pages, no tickets`. */
export function ruleText({ pages, tickets }: Pick<SloSuggestion['evidence'], 'pages' | 'tickets'>): string {
  const some = (count: number, word: string) => `${count === 0 ? 'no' : count} ${word}${count === 1 ? '' : 's'}`
  return `${some(pages, 'page')}, ${some(tickets, 'ticket')}`
}

/** The sparkline for those who cannot see it. Days are UTC's. */
export function dailyGist({ evidence, target }: Pick<SloSuggestion, 'evidence' | 'target'>): string {
  const { daysWithEvents, worstDay, medianDay, days } = evidence
  const below = days.filter(({ sli }) => sli !== null && sli < target).length
  const worst =
    worstDay === null ? '' : `, worst ${formatRatio(worstDay.sli)} on ${formatInstant(worstDay.at, 'UTC', 'date')}`
  return `${daysWithEvents} days with events, median ${formatRatio(medianDay)}${worst}; ${below} of them below the target`
}

/** `1.2 million of 1.3 million requests` in whole numbers. */
export function countsText({ good, total }: Pick<SloSuggestion['evidence'], 'good' | 'total'>): string {
  return `${formatCount(total - good)} bad of ${formatCount(total)}`
}

/** A quantile of durations or levels: `p99 261 ms`, `p50 12 message`. */
export function quantileText({ quantile, value }: { quantile: number; value: number }, unit: string): string {
  const name = `p${Number((quantile * 100).toPrecision(4))}`
  const ms = { s: value * 1000, ms: value }[unit]
  return ms === undefined
    ? [name, Number(value.toPrecision(3)), unit.replace(/[{}]/g, '')].join(' ').trim()
    : `${name} ${formatMillis(ms)}`
}

/** Names under which nothing came, each once however it is written. */
export function namesText(names: readonly string[]): string {
  const seen = new Map(names.map((name) => [name.toLowerCase().replace(/[^a-z0-9]+/g, '-'), name]))
  return [...seen.values()].join(', ')
}
