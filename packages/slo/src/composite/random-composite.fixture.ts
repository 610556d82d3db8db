import type { CorrectedSpan } from '@nines/contracts'
import { CorrectedMinutes } from '../corrected-minutes.ts'
import { MinuteSeries } from '../minute-series.ts'
import { MINUTE_MS } from '../minute.ts'
import { silenceAfter, type Silence } from '../silence.ts'
import { Composite, type MemberOfComposite } from './composite.ts'
import type { OracleMember, OracleTree } from './composite-oracle.fixture.ts'

/** A leaf as both sides see it; `put` writes to both. */
export interface RandomLeaf {
  measured: MinuteSeries
  truth: Map<number, [number, number]>
  spans: CorrectedSpan[]
  put: (minute: number, counts: [number, number] | null) => void
}

export interface RandomComposite {
  composite: Composite
  oracle: OracleTree
  leaves: RandomLeaf[]
}

export const START = Date.UTC(2026, 2, 3, 23, 10)
export const SPAN_MINUTES = 90

/**
 * A tree of composites up to three deep over leaves with gaps, idle and bad times, and corrections. The oracle takes silence as
 * it is by default.
 */
export function randomComposite(
  random: () => number,
  silenceOfMember: (minutes: number) => Silence = (minutes) => silenceAfter(minutes * 60),
): RandomComposite {
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1))
  const pick = <T>(items: readonly T[]): T => items[whole(0, items.length - 1)] as T
  const leaves: RandomLeaf[] = []

  const leafOf = (): RandomLeaf => {
    const spans: CorrectedSpan[] =
      random() < 0.3 ? [span(whole(0, 60), whole(1, 20), pick(['exclude', 'good'] as const))] : []
    const truth = new Map<number, [number, number]>()
    const measured = new MinuteSeries()
    const put: RandomLeaf['put'] = (minute, counts) => {
      if (counts === null) {
        measured.clear(minute)
        truth.delete(minute)
        return
      }
      measured.set(minute, { good: counts[0], total: counts[1] })
      const effect = spans.find((one) => minute >= one.from && minute < one.to)?.effect
      truth.set(minute, effect === 'exclude' ? [0, 0] : effect === 'good' ? [counts[1], counts[1]] : counts)
    }
    const leaf = { measured, truth, spans, put }
    const gap = { from: whole(0, 80), to: 0 }
    gap.to = gap.from + pick([0, 3, 8, 90])
    for (let i = 0; i < SPAN_MINUTES; i++)
      if (i < gap.from || i >= gap.to) put(START + i * MINUTE_MS, randomCounts(random))
    leaves.push(leaf)
    return leaf
  }

  const tree = (depth: number): { composite: Composite; oracle: OracleTree } => {
    const combine = pick(['weighted', 'all_of', 'worst_of', 'critical_path'] as const)
    const members = Array.from({ length: whole(2, 4) }, (): { part: MemberOfComposite; oracle: OracleMember } => {
      const silenceMinutes = pick([1, 3, 10])
      const covered = random() < 0.2 ? [span(whole(0, 60), whole(1, 20), 'exclude')] : []
      const terms = {
        target: pick([0.5, 0.9, 0.99]),
        weight: combine === 'weighted' ? pick([1, 1, 2.5, 100]) : 1,
        noData: pick(['ignore', 'good', 'bad'] as const),
      }
      const coveredMinutes = new Set(covered.flatMap((one) => minutesIn(one)))
      const engine = { ...terms, silence: silenceOfMember(silenceMinutes), covered }
      const said = { ...terms, silenceMinutes, covered: coveredMinutes }
      if (depth < 3 && random() < 0.3) {
        const below = tree(depth + 1)
        return { part: { ...engine, minutes: below.composite }, oracle: { ...said, of: below.oracle } }
      }
      const leaf = leafOf()
      const minutes = leaf.spans.length === 0 ? leaf.measured : new CorrectedMinutes(leaf.measured, leaf.spans)
      return { part: { ...engine, minutes }, oracle: { ...said, of: leaf.truth } }
    })
    return {
      composite: new Composite(
        combine,
        members.map(({ part }) => part),
      ),
      oracle: { combine, members: members.map(({ oracle }) => oracle) },
    }
  }
  return { ...tree(1), leaves }
}

export function randomCounts(random: () => number): [number, number] | null {
  const mood = random()
  if (mood < 0.1) return null
  if (mood < 0.2) return [0, 0]
  const total = 1 + Math.floor(random() * 50)
  const bad = mood < 0.6 ? 0 : mood < 0.65 ? total : Math.floor(random() * total * 0.3)
  return [total - bad, total]
}

function span(fromMinute: number, minutes: number, effect: CorrectedSpan['effect']): CorrectedSpan {
  const from = START + fromMinute * MINUTE_MS
  return { from, to: from + minutes * MINUTE_MS, effect }
}

function minutesIn({ from, to }: CorrectedSpan): number[] {
  return Array.from({ length: (to - from) / MINUTE_MS }, (_, i) => from + i * MINUTE_MS)
}
