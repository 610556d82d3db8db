import type { SliSpec } from '@nines/contracts'
import { CHANGE_LOOK_BACK_MS, type LedgerSpan } from '../budget-ledger.ts'
import { HOUR_MS, MINUTE_MS } from '../minute.ts'
import { isTimeSlices } from '../time-slices.ts'
import type { Span } from '../window-span.ts'
import { countMinutes, hasMinute, type HourColumns } from './hour-columns.ts'

/** What asks for minutes rather than hours. */
export interface MinuteNeeds {
  sli: SliSpec
  /** Where figures begin or end: bounds of versions in force, of the periods and of corrections, epoch ms. */
  cuts: readonly number[]
  /** Times whose bad minutes have a cause: incidents from the earliest moment they may have begun, maintenance. */
  spans: readonly Span[]
  changes: readonly LedgerSpan[]
}

/** Calm minutes that a burn may pause for, as burnEpisodes has it. */
const LONGEST_PAUSE_MS = 5 * MINUTE_MS

/**
 * Hours (since 1970) of which a report needs the minutes to be exact; of all others it only needs the sums. They are the ones
 *
 * - with a minute that was revised, or that became known later, because the sums hold every revision,
 * - in which something begins or ends,
 * - with bad events, for slices of time and during incidents and maintenance,
 * - of runs of burning minutes that meet the look-back of a change, and the hour before: a burn that is put down to a change lies
 *   in one of them, whatever corrections and revisions make of its minutes.
 */
export function hoursToLoad(hours: HourColumns, { sli, cuts, spans, changes }: MinuteNeeds): Set<number> {
  const wanted = new Set<number>()
  const inside = new Set(cuts.filter((at) => at % HOUR_MS !== 0).map((at) => Math.floor(at / HOUR_MS)))
  const isTime = isTimeSlices(sli)
  for (let row = 0; row < hours.hour.length; row++) {
    const hour = hours.hour[row] as number
    const measured = countMinutes(hours.measuredLow[row] as number, hours.measuredHigh[row] as number)
    const isUneven = hours.uneven[row] !== 0
    if (
      hours.rows[row] !== measured ||
      hours.later[row] !== 0 ||
      inside.has(hour) ||
      (isUneven && (isTime || meets({ from: hour * HOUR_MS, to: (hour + 1) * HOUR_MS }, spans)))
    )
      wanted.add(hour)
  }
  const looks = changes.map(({ from, to }) => ({ from, to: Math.max(from, to) + CHANGE_LOOK_BACK_MS }))
  if (looks.length === 0) return wanted
  const near = burningRuns(hours).filter((run) => meets(run, looks))
  if (near.length === 0) return wanted
  const stored = new Set(Array.from(hours.hour))
  for (const run of near)
    for (let hour = Math.floor((run.from - HOUR_MS) / HOUR_MS); hour * HOUR_MS < run.to; hour++)
      if (stored.has(hour)) wanted.add(hour)
  return wanted
}

function meets({ from, to }: Span, spans: readonly Span[]): boolean {
  return spans.some((span) => span.from < to && span.to > from)
}

/** Burning minutes, joined where pauses between them are short. */
function burningRuns(hours: HourColumns): Span[] {
  const rows: number[] = []
  for (let row = 0; row < hours.hour.length; row++)
    if (hours.burnLow[row] !== 0 || hours.burnHigh[row] !== 0) rows.push(row)
  rows.sort((a, b) => (hours.hour[a] as number) - (hours.hour[b] as number))
  const runs: Span[] = []
  let last: Span | undefined
  for (const row of rows) {
    const [low, high] = [hours.burnLow[row] as number, hours.burnHigh[row] as number]
    for (let minute = 0; minute < 60; minute++) {
      if (!hasMinute(low, high, minute)) continue
      const at = (hours.hour[row] as number) * HOUR_MS + minute * MINUTE_MS
      if (last && at - last.to <= LONGEST_PAUSE_MS) last.to = at + MINUTE_MS
      else runs.push((last = { from: at, to: at + MINUTE_MS }))
    }
  }
  return runs
}
