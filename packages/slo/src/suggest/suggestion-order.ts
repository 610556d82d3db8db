import type { SuggestionAspect } from '@nines/contracts'

/** What decides how useful a suggestion is. */
export interface Orderable {
  aspect: SuggestionAspect
  scope: string
  operation: string | null
  isCovered: boolean
  /** Events over the evidence. */
  total: number
}

/**
 * Most useful first: whether the service answers and how fast, then what a check sees from outside, then its messages, then
 * single operations, then what is its own, last its logs. What an SLO promises already comes after all others. Of equals the
 * one with more events.
 */
export function bySuggestionOrder(a: Orderable, b: Orderable): number {
  return classOf(a) - classOf(b) || b.total - a.total
}

const COVERED = 100

function classOf(one: Orderable): number {
  return placeOf(one) + (one.isCovered ? COVERED : 0)
}

function placeOf({ aspect, scope, operation }: Orderable): number {
  if (aspect === 'check') return 2
  if (aspect === 'freshness') return 8
  if (aspect === 'logs') return 9
  const isLatency = Number(aspect === 'latency')
  if (operation !== null) return 5 + isLatency
  if (scope === 'requests' || scope === 'calls') return isLatency
  return scope === 'messages' ? 3 + isLatency : 7
}
