import {
  longestDays,
  measuredOf,
  nominalDays,
  type MeasuredSli,
  type OwnSli,
  type Slice,
  type SloBackfill,
  type SloWindow,
} from '@nines/contracts'
import type { SloDefinition } from '@nines/records'
import {
  checkRunReduction,
  compileLogsSli,
  compileSli,
  compileSpansSli,
  DAY_MS,
  decidedRules,
  evaluateRules,
  HOUR_MS,
  isTimeSlices,
  measuredUntilAt,
  MINUTE_MS,
  minuteOf,
  nextLookAt,
  NotedMinutes,
  silenceTerms,
  SliceAccumulator,
  sliceMsOf,
  sloStatusAt,
  TimeSlices,
  unmeasuredSinceAt,
  windowSpan,
  type CounterPoint,
  type DecidedResult,
  type Hearing,
  type EventSource,
  type EventVerdict,
  type LogEvent,
  type MinuteSeries,
  type RuleResult,
  type SeriesReduction,
  type Span,
  type SpanEvent,
  type TailEvent,
} from '@nines/slo'
import { CorrectionView } from './correction-view.ts'
import { EntryGate } from './entry-gate.ts'
import type { EvaluatedSlo, Evaluation } from './evaluated-slo.ts'
import { expectedMeasurements } from './expected-measurements.ts'
import { LateHours } from './late-hours.ts'
import type { SaidVerdict } from './verdict-report.ts'

/** How long raw points are held in memory: points later than this are counted anew from the store. */
export const TAIL_MS = 15 * 60_000

/** Burns over so long are shown of every SLO, also early in a period of the calendar. */
const SHOWN_MS = DAY_MS

/**
 * So much of the past is brought into memory before the rest: the windows of six hours that page by default, and room to see that
 * there is history before them.
 */
const RECENT_MS = 8 * HOUR_MS

/** An SLO with slices of its own. */
export type OwnSloDefinition = SloDefinition & { sli: OwnSli }

/** One SLO version under evaluation: its minutes, what is still to be fetched for them, and what was last said. */
export class SloTracker implements EvaluatedSlo {
  definition: OwnSloDefinition
  /** Windows of the composites that it is in: its minutes are needed for so long. */
  keptFor: readonly SloWindow[]
  /** What is counted by minute. */
  readonly sli: MeasuredSli
  readonly reduce: ReturnType<typeof compileSli>
  /** Whether a span, or a log record, is good; null when it does not belong to the SLI. */
  readonly judgeSpan: (span: SpanEvent) => EventVerdict
  readonly judgeLog: (log: LogEvent) => EventVerdict
  /** Entries of the stream whose spans or log records were counted. */
  readonly entries = new EntryGate()
  readonly accumulator: SliceAccumulator
  readonly late = new LateHours()
  readonly #corrections = new CorrectionView()
  /** Series that the store holds points of, as far as none of them is in memory. */
  readonly storedSeries = new Map<string, SeriesReduction>()
  /** Series that reported while only the store knows the point to count their increase from. */
  readonly ungrounded = new Map<string, SeriesReduction>()
  /** Persisted slices that came by in the stream before the rebuild was through, the newest of each minute. */
  readonly passingSlices = new Map<number, Slice>()
  /** False until the whole window is in memory; until then no status is said and nothing persisted. */
  isReady = false
  #recentFrom = Infinity
  /** Oldest and newest minute of the recent past that was persisted, and how many revisions a ms; null without any. */
  recentlyPersisted: (Span & { perMs: number }) | null = null
  /** The stream was not followed for a while: what was persisted lately may lack points that came late. */
  hasMissedEntries = false
  /** Places in the stream (by shard) up to which the store must be before a history with old points is counted. */
  historyIn: { positions: readonly string[]; since: number } | undefined
  /** Rebuilds that failed so far, and when the next is due (by the monotonic clock). */
  readonly rebuild = { failures: 0, dueAt: 0 }
  /** What was told of the history that is being computed, and when (by the monotonic clock). */
  backfill: { shown: SloBackfill | null; shownAt: number } = { shown: null, shownAt: 0 }
  #isTouched = false
  /** Told when something arrives, once until the next evaluation. */
  onTouched: () => void = () => {}
  lastRevision = 0
  readonly saidVerdicts = new Map<string, SaidVerdict>()
  /** Told after an evaluation for which something had arrived. */
  readonly onChanged = new Set<() => void>()
  /** Epoch ms of the newest evaluation. */
  evaluatedAt = 0
  /** The minutes as the newest evaluation counted them; composites read them. */
  counted: MinuteSeries | null = null
  /** Only an SLI by slices of time has to know which minutes changed. */
  readonly #time: { minutes: NotedMinutes; slices: TimeSlices | null } | null

  constructor(definition: OwnSloDefinition, now: number, keptFor: readonly SloWindow[] = []) {
    this.definition = definition
    this.keptFor = keptFor
    const sli = measuredOf(definition.sli)
    this.sli = sli
    this.reduce = compileSli(sli)
    this.judgeSpan = sli.kind === 'spans' ? compileSpansSli(sli) : () => null
    this.judgeLog = sli.kind === 'logs' ? compileLogsSli(sli) : () => null
    this.#time = isTimeSlices(definition.sli) ? { minutes: new NotedMinutes(), slices: null } : null
    this.accumulator = new SliceAccumulator(now - TAIL_MS, this.#time?.minutes)
  }

  /** Something arrived that the last evaluation does not know of. */
  touch(): void {
    if (this.#isTouched) return
    this.#isTouched = true
    this.onTouched()
  }

  /** Whether it has to be kept in step with the store: points to be looked up, late hours to be noted or counted. */
  get needsUpkeep(): boolean {
    return this.ungrounded.size > 0 || !this.late.isIdle
  }

  /**
   * Start of the oldest minute from which on everything is in memory, epoch ms; -Infinity when all of the window is, Infinity at
   * first. Rules are decided as far as this reaches.
   */
  get knownFrom(): number {
    return this.isReady ? -Infinity : this.#recentFrom
  }

  get canDecide(): boolean {
    return this.knownFrom < Infinity
  }

  /** Everything from the start of that minute on is in memory now. */
  becomeRecent(from: number): void {
    this.#recentFrom = from
    this.touch()
  }

  /** The whole window is. */
  becomeWhole(): void {
    this.passingSlices.clear()
    // Composites read what the whole was counted as, and that is yet to be counted.
    this.counted = null
    this.isReady = true
    this.touch()
  }

  /** How many days back its windows may reach. */
  get reachDays(): number {
    const { window, furtherObjectives } = this.definition
    return Math.max(...[window, ...furtherObjectives.map((one) => one.window), ...this.keptFor].map(longestDays))
  }

  /** Start of the oldest minute that matters at `now`. */
  windowStart(now: number): number {
    const { window, furtherObjectives } = this.definition
    const windows = [window, ...furtherObjectives.map((objective) => objective.window), ...this.keptFor]
    const starts = windows.map((one) => windowSpan(one, now).from)
    // Pairs reach back into the calendar's period before, as far as a window of theirs may.
    const nominal = Math.max(...[window, ...this.keptFor].map(nominalDays))
    return minuteOf(Math.min(...starts, now - nominal * DAY_MS, now - SHOWN_MS))
  }

  /** Start of the oldest minute of the recent past, at which a slice of time begins where the SLI counts these. */
  recentFrom(now: number): number {
    const sliceMs = sliceMsOf(this.definition.sli)
    return Math.max(this.windowStart(now), Math.floor((now - RECENT_MS) / sliceMs) * sliceMs)
  }

  take(key: string, reduction: SeriesReduction, point: CounterPoint): void {
    if (!this.accumulator.hasSeries(key) && this.storedSeries.has(key)) this.ungrounded.set(key, reduction)
    const outcome = this.accumulator.add(key, reduction, point)
    if (outcome === 'late') this.late.mark(point.at)
    else if (outcome === 'counted') this.touch()
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

  takeEvent(event: Omit<TailEvent, 'isUnique'>, source: EventSource): void {
    // A span has an identity. Log records have none: lines that are alike are as many events.
    const isUnique = this.sli.kind === 'spans'
    // In what a log record is known by, its verdict takes part: the store's rows are counted like it.
    const keyLow = isUnique || !event.isGood ? event.keyLow : event.keyLow ^ 1
    const outcome = this.accumulator.addEvent({ ...event, keyLow, isUnique }, source)
    if (outcome === 'late' && source === 'stream') this.late.mark(event.at)
    else if (outcome === 'counted') this.touch()
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
    // Slices of time change by ending.
    const hasChanged = this.#isTouched || this.counted === null || this.#time !== null
    this.accumulator.advance(now - TAIL_MS)
    this.accumulator.refresh()
    const floor = this.windowStart(now) - HOUR_MS
    this.accumulator.minutes.forgetBefore(floor)
    const minutes = this.#countedMinutes({ from: floor, to: now + MINUTE_MS }, now)
    minutes.forgetBefore(floor)
    this.counted = minutes
    this.#isTouched = false
    if (hasChanged) this.onChanged.forEach((tell) => tell())
    const { id: sloId, version, target, window, furtherObjectives, rules } = this.definition
    const terms = { sloId, version, target, window, furtherObjectives, rules }
    const measuredUntil = measuredUntilAt(this.accumulator.minutes, now)
    const silence = silenceTerms([this.definition.checkCadence])(measuredUntil)
    // Time that corrections leave out was measured all the same, and so are slices of time that have not ended.
    const given = { ...silence, heard, measured: this.accumulator.minutes }
    const { silenceSeconds } = silence
    const look = { silenceSeconds, isByTimeSlices: this.#time !== null }
    if (!this.isReady) {
      const decided = decidedRules(minutes, terms, now, { ...given, knownFrom: this.knownFrom })
      return { results: this.#sayable(decided), status: null, nextLookAt: nextLookAt(decided, now, look) }
    }
    const results = evaluateRules(minutes, terms, now, given)
    const status = sloStatusAt(minutes, terms, results, now, silenceSeconds)
    const unmeasuredSince = unmeasuredSinceAt(this.accumulator.minutes, now, silenceSeconds)
    return {
      results,
      status: { ...status, unmeasuredSince },
      nextLookAt: nextLookAt(results, now, look),
    }
  }

  /**
   * Verdicts that are decided. Of a rule that was and is not any more nobody can say what holds now: neither may a true go on
   * to fire an alert by its timer nor a false to resolve one.
   */
  #sayable(decided: readonly DecidedResult[]): RuleResult[] {
    return decided.flatMap((result): RuleResult[] => {
      if (result.verdict !== null) return [{ ...result, verdict: result.verdict }]
      const said = this.saidVerdicts.get(result.ruleId)
      return said && !said.isUnsaid ? [{ ...result, verdict: 'no_data' }] : []
    })
  }

  /** Slices of minutes that ended by the instant and changed; give them back with `accumulator.giveBack` on failure. */
  takeSlices(endedBy: number, revision: number): Slice[] {
    if (!this.accumulator.hasChanged(endedBy)) return []
    const minutes = this.accumulator.takeChanged(endedBy)
    if (minutes.length === 0) return []
    this.lastRevision = Math.max(revision, this.lastRevision + 1)
    const { id: sloId, version, checkCadence } = this.definition
    return minutes.map((minute) => {
      const { good, total } = this.accumulator.minutes.get(minute) ?? { good: 0, total: 0 }
      const expected = expectedMeasurements({ minute, total }, checkCadence)
      return { sloId, version, minute, good, total, expected, revision: this.lastRevision }
    })
  }

  /** The minutes as corrections make them and the SLI counts them. */
  #countedMinutes(range: Span, now: number): MinuteSeries {
    const corrected = this.#corrections.of(this.accumulator.minutes, this.definition.corrections, range)
    if (!this.#time || !isTimeSlices(this.definition.sli)) return corrected
    const { noted } = this.#time.minutes
    if (this.#time.slices?.minutes !== corrected) {
      this.#time.slices = new TimeSlices(this.definition.sli, corrected)
      for (const [minute] of corrected.minutes()) noted.add(minute)
    }
    this.#time.slices.judge(noted, now)
    noted.clear()
    return this.#time.slices.slices
  }
}
