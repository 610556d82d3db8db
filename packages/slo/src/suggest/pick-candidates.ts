import { DAY_MS } from '../minute.ts'
import type { Span } from '../window-span.ts'
import type { SliCandidate } from './sli-candidate.ts'

/** One that has been measured for so much of the longest time is as good as the longest. */
const LONG_ENOUGH = 0.8
/** Ranks from here on: measured by spans, which stand in for what no metric says. */
const FIRST_RANK_OF_SPANS = 3

export interface PickedCandidate {
  candidate: SliCandidate
  /** Others that measure the same. */
  alternatives: SliCandidate[]
}

/** The best candidate of each promise, and those that nothing has come of for a day. `span`: what is looked at, epoch ms. */
export function pickCandidates(
  candidates: readonly SliCandidate[],
  span: Span,
): { picked: PickedCandidate[]; ended: SliCandidate[] } {
  const isAlive = ({ until }: SliCandidate) => until >= span.to - DAY_MS
  const promises = new Map<string, SliCandidate[]>()
  for (const candidate of callsInSpans(candidates.filter(isAlive))) {
    const key = [candidate.aspect, candidate.scope, candidate.operation ?? ''].join('\0')
    const known = promises.get(key)
    if (known) known.push(candidate)
    else promises.set(key, [candidate])
  }
  const picked = [...promises.values()].map((rivals) => pickOne(rivals, span))
  return { picked, ended: candidates.filter((one) => !isAlive(one)) }
}

function pickOne(rivals: readonly SliCandidate[], { from, to }: Span): PickedCandidate {
  const lengthOf = ({ since, until }: SliCandidate) => Math.max(0, Math.min(until, to) - Math.max(since, from))
  const longest = Math.max(...rivals.map(lengthOf))
  const isLong = (one: SliCandidate) => Number(lengthOf(one) >= LONG_ENOUGH * longest)
  const order = (one: SliCandidate, other: SliCandidate) =>
    isLong(other) - isLong(one) ||
    one.rank - other.rank ||
    one.series.length - other.series.length ||
    (one.source < other.source ? -1 : 1)
  const [candidate, ...alternatives] = rivals.toSorted(order) as [SliCandidate, ...SliCandidate[]]
  return { candidate, alternatives }
}

/** Where a service is asked by RPC and nothing says that it is asked by HTTP too, its spans are of those calls. */
function callsInSpans(candidates: readonly SliCandidate[]): readonly SliCandidate[] {
  const hasCalls = candidates.some(({ scope }) => scope === 'calls')
  const hasRequests = candidates.some(({ scope, rank }) => scope === 'requests' && rank < FIRST_RANK_OF_SPANS)
  if (!hasCalls || hasRequests) return candidates
  return candidates.map((one) => (one.scope === 'requests' ? { ...one, scope: 'calls' } : one))
}
