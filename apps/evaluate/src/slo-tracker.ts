import { nominalDays, type Slice, type SloStatus } from '@nines/contracts'
import type { SloDefinition } from '@nines/records'
import {
  checkRunReduction,
  compileSli,
  DAY_MS,
  evaluateRules,
  HOUR_MS,
  MINUTE_MS,
  minuteOf,
  SILENCE_SECONDS,
  SliceAccumulator,
  sloStatusAt,
  windowSpan,
  type CounterPoint,
  type Hearing,
  type RuleResult,
  type SeriesReduction,
} from '@nines/slo'
import { expectedMeasurements } from './expected-measurements.ts'
import { LateHours } from './late-hours.ts'
import type { SaidVerdict } from './verdict-report.ts'

/** How long raw points are held in memory: points later than this are counted anew from the store. */
export const TAIL_MS = 15 * 60_000

/** Burns over so long are shown of every SLO, also early in a period of the calendar. */
const SHOWN_MS = DAY_MS

export interface Evaluation {
  status: SloStatus
  results: RuleResult[]
}

/** One SLO version under evaluation: its minutes, what is still to be fetched for them, and what was last said. */
export class SloTracker {
  definition: SloDefinition
  readonly reduce: ReturnType<typeof compileSli>
  readonly accumulator: SliceAccumulator
  readonly late = new LateHours()
  /** Series that the store holds points of, as far as none of them is in memory. */
  readonly storedSeries = new Map<string, SeriesReduction>()
  /** Series that reported while only the store knows the point to count their increase from. */
  readonly ungrounded = new Map<string, SeriesReduction>()
  /** Persisted slices that came by in the stream before the rebuild was through, the newest of each minute. */
  readonly passingSlices = new Map<number, Slice>()
  /** False until the whole window is in memory; until then nothing is said and nothing persisted. */
  isReady = false
  /** The stream was not followed for a while: what was persisted lately may lack points that came late. */
  hasMissedEntries = false
  /** Places in the stream (by shard) up to which the store must be before a history with old points is counted. */
  historyIn: { positions: readonly string[]; since: number } | undefined
  /** Rebuilds that failed so far, and when the next is due (by the monotonic clock). */
  readonly rebuild = { failures: 0, dueAt: 0 }
  /** Something arrived since the last evaluation. */
  isTouched = false
  lastRevision = 0
  readonly saidVerdicts = new Map<string, SaidVerdict>()
  /** Epoch ms of the newest evaluation. */
  evaluatedAt = 0

  constructor(definition: SloDefinition, now: number) {
    this.definition = definition
    this.reduce = compileSli(definition.sli)
    this.accumulator = new SliceAccumulator(now - TAIL_MS)
  }

  /** Start of the oldest minute that matters at `now`. */
  windowStart(now: number): number {
    const { window, furtherObjectives } = this.definition
    const starts = [window, ...furtherObjectives.map((objective) => objective.window)].map(
      (one) => windowSpan(one, now).from,
    )
    // Pairs reach back into the calendar's period before, as far as a window of theirs may.
    return minuteOf(Math.min(...starts, now - nominalDays(window) * DAY_MS, now - SHOWN_MS))
  }

  take(key: string, reduction: SeriesReduction, point: CounterPoint): void {
    if (!this.accumulator.hasSeries(key) && this.storedSeries.has(key)) this.ungrounded.set(key, reduction)
    const outcome = this.accumulator.add(key, reduction, point)
    if (outcome === 'late') this.late.mark(point.at)
    else if (outcome === 'counted') this.isTouched = true
  }

  /**
   * Lets go of series that were silent since the instant, all of whose points the store must hold: of a fleet that is
   * replaced daily, memory would otherwise keep every series there ever was.
   */
  forgetSilent(since: number): void {
    for (const [key, reduction] of this.accumulator.forgetSilent(since - TAIL_MS - MINUTE_MS)) {
      if (reduction.temporality === 'cumulative') this.storedSeries.set(key, reduction)
    }
  }

  takeCheckRun(key: string, point: CounterPoint): void {
    this.take(key, checkRunReduction, point)
  }

  takeSlice(slice: Slice): void {
    if (this.isReady || slice.version !== this.definition.version) return
    if ((this.passingSlices.get(slice.minute)?.revision ?? -1) < slice.revision) {
      this.passingSlices.set(slice.minute, slice)
    }
  }

  /** Status and verdicts at `now`, epoch ms, given of which time it is known what was received. */
  evaluate(now: number, heard: Hearing): Evaluation {
    this.evaluatedAt = now
    this.accumulator.advance(now - TAIL_MS)
    this.accumulator.refresh()
    this.accumulator.minutes.forgetBefore(this.windowStart(now) - HOUR_MS)
    this.isTouched = false
    const { id: sloId, version, target, window, furtherObjectives, rules } = this.definition
    const terms = { sloId, version, target, window, furtherObjectives, rules }
    const { minutes } = this.accumulator
    const rareSeconds = 2.5 * (this.definition.checkIntervalSeconds ?? 0)
    // A check that runs every hour is not silent after ten minutes.
    const silenceSeconds = Math.max(SILENCE_SECONDS, rareSeconds)
    const silence = { silenceSeconds, leastAbsenceSeconds: rareSeconds, heard }
    const results = evaluateRules(minutes, terms, now, silence)
    return { results, status: sloStatusAt(minutes, terms, results, now, silenceSeconds) }
  }

  /** Slices of minutes that ended by the instant and changed; give them back with `accumulator.giveBack` on failure. */
  takeSlices(endedBy: number, revision: number): Slice[] {
    const minutes = this.accumulator.takeChanged(endedBy)
    if (minutes.length === 0) return []
    this.lastRevision = Math.max(revision, this.lastRevision + 1)
    const { id: sloId, version, checkIntervalSeconds } = this.definition
    return minutes.map((minute) => {
      const { good, total } = this.accumulator.minutes.get(minute) ?? { good: 0, total: 0 }
      const expected = expectedMeasurements({ minute, total }, checkIntervalSeconds)
      return { sloId, version, minute, good, total, expected, revision: this.lastRevision }
    })
  }
}
