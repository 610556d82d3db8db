import type { SliSpec } from '@nines/contracts'
import { selectorOfQuery } from './selector-of-query.ts'

export type EventSli = { sli: SliSpec } | { reason: string; part: 'numerator' | 'total' }

/** A ratio of two queries of counters: bad or good events over all. */
export function eventSli(part: 'good' | 'bad', numerator: string, total: string): EventSli {
  const counted = selectorOfQuery(numerator)
  if (!counted.selector) return { reason: counted.reason, part: 'numerator' }
  const all = selectorOfQuery(total)
  if (!all.selector) return { reason: all.reason, part: 'total' }
  return { sli: { kind: 'ratio', [part]: counted.selector, total: all.selector } }
}
