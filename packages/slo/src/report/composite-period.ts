import { budgetLedger, type LedgerCauses } from '../budget-ledger.ts'
import type { MinuteSeries } from '../minute-series.ts'
import { DAY_MS, MINUTE_MS, type EventCounts } from '../minute.ts'
import type { Span } from '../window-span.ts'
import type { CompositeRow } from './composite-rows.ts'
import type { DenseComposite } from './dense-composite.ts'
import { DenseMinutes } from './dense-minutes.ts'
import type { ReportComposite } from './report-composite.ts'
import { NO_CAUSES, rowOf, unitsOf, type ObjectivePeriod, type PeriodPart } from './slo-period.ts'

/** What a row of a composite comes from. */
export interface RowSource {
  /** The composite as its members' versions at the end of the row make it. */
  made: ReportComposite
  /** What may have spent the budget, given the minutes that are not all good, which add up; left out, everything is unattributed. */
  causesOf?: (minutes: Pick<MinuteSeries, 'minutes'>, target: number) => LedgerCauses
}

/** Burns that began this long before a row keep their cause. */
const BURN_BACK_MS = DAY_MS

/**
 * The objectives of a composite over a period, one for each row of compositeRows. A row's SLI is that of its whole stretch as one
 * window. What this comes to is spread over the minutes of the members, which add up: so each version in force has its
 * part, its target lets so much of that be bad, and each bad minute has a cause. Between two steps of the work others may have their turn.
 */
export function* compositePeriod(
  rows: readonly CompositeRow[],
  sourceOf: (row: CompositeRow) => RowSource,
): Generator<void, ObjectivePeriod[]> {
  // The objectives of the same versions differ in their targets alone.
  const known = new Map<string, PeriodPart[]>()
  const found: ObjectivePeriod[] = []
  for (const row of rows) {
    const key = `${row.from} ${row.to}`
    const parts = known.get(key) ?? (yield* partsOf(row, sourceOf(row)))
    known.set(key, parts)
    found.push(rowOf(parts, row.place))
  }
  return found
}

function* partsOf({ versions, from, to }: CompositeRow, source: RowSource): Generator<void, PeriodPart[]> {
  const { composite, uncorrected, coverage } = source.made
  const spread = yield* spreadOver(composite, { from, to }, { from: from - BURN_BACK_MS, to })
  const before = uncorrected && (yield* spreadOver(uncorrected, { from, to }, { from, to }))
  const counts = partsOfWhole(
    composite.sum(from, to - MINUTE_MS),
    versions.map((version) => sumOf(spread, version)),
  )
  const uneven = spread.uneven()
  const parts: PeriodPart[] = []
  for (const [i, inForce] of versions.entries()) {
    yield
    const span: Span = { from: inForce.from, to: inForce.to }
    const { target } = inForce.version
    const causes = source.causesOf?.(uneven, target) ?? NO_CAUSES
    const part = counts[i] ?? { good: 0, total: 0 }
    parts.push({
      ...span,
      inForce,
      counts: part,
      coverage: coverage.of(span),
      keptOut: { ...coverage.keptOut(span), badEvents: before ? badOf(sumOf(before, span)) - badOf(part) : 0 },
      seconds: (span.to - span.from - coverage.excludedMs(span)) / 1000,
      units: unitsOf(budgetLedger(uneven, { ...span, target, ...causes })),
    })
  }
  return parts
}

/** The minutes of `within` by what the window comes to. */
function* spreadOver(composite: DenseComposite, window: Span, within: Span): Generator<void, DenseMinutes> {
  const spread = new DenseMinutes(within)
  yield* composite.spreadInto(spread, window)
  return spread
}

/** Parts that sum to the whole but for rounding, with the largest of them made to fit. */
function partsOfWhole(whole: EventCounts, parts: readonly EventCounts[]): EventCounts[] {
  const largest = parts.reduce((best, { total }, i) => (total > (parts[best]?.total ?? 0) ? i : best), 0)
  const rest = (value: (counts: EventCounts) => number) =>
    parts.reduce((sum, counts, i) => (i === largest ? sum : sum - value(counts)), value(whole))
  return parts.map((counts, i) =>
    i === largest ? { good: rest(({ good }) => good), total: rest(({ total }) => total) } : counts,
  )
}

const sumOf = (minutes: DenseMinutes, { from, to }: Span) => minutes.sum(from, to - MINUTE_MS)
const badOf = ({ good, total }: EventCounts) => total - good
