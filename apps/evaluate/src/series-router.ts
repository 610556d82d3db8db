import type { SeriesDefinition } from '@nines/contracts'
import {
  pointFromCheckRun,
  pointFromExponential,
  pointFromHistogram,
  pointFromSample,
  seriesOfCheckRun,
  type CounterPoint,
  type SeriesReduction,
} from '@nines/slo'
import type { Block } from '@nines/wire'
import { EventRouter } from './event-router.ts'
import { SelectorIndex } from './selector-index.ts'
import type { SloTracker } from './slo-tracker.ts'

interface Target {
  tracker: SloTracker
  reduction: SeriesReduction
}

/** Points of series whose definition nobody has seen yet are kept up to this number; beyond it the oldest go. */
const MAX_UNRESOLVED_POINTS = 500_000
/** A series that the store does not know after this long was never announced: its points are no use to anybody. */
const GIVE_UP_AFTER_MS = 10 * 60_000

/**
 * Brings the rows of one workspace's blocks to the SLOs they belong to. Which series belong is decided once, when a
 * series is announced in a block or looked up in the store; series of no SLO cost one map look-up a row.
 */
export class SeriesRouter {
  readonly trackers = new Set<SloTracker>()
  /** The way of rows that belong to no series. */
  readonly events = new EventRouter()
  readonly #index = new SelectorIndex()
  readonly #latencyTrackers = new Set<SloTracker>()
  /** SLOs over the runs of a check, by its id. */
  readonly #checkTrackers = new Map<string, Set<SloTracker>>()
  /** Known series; an empty list belongs to no SLO here. */
  #targets = new Map<bigint, Target[]>()
  /** Those that were not heard of since the last forgetSilent(). */
  #oldTargets = new Map<bigint, Target[]>()
  readonly #unresolved = new Map<bigint, { since: number; points: CounterPoint[] }>()
  #unresolvedPoints = 0
  #hasOverflowed = false
  readonly #maxUnresolvedPoints: number

  constructor(maxUnresolvedPoints = MAX_UNRESOLVED_POINTS) {
    this.#maxUnresolvedPoints = maxUnresolvedPoints
  }

  addTracker(tracker: SloTracker): void {
    this.trackers.add(tracker)
    this.events.addTracker(tracker)
    this.#index.add(tracker)
    const { sli } = tracker
    if (sli.kind === 'latency') this.#latencyTrackers.add(tracker)
    if (sli.kind === 'availability') {
      const known = this.#checkTrackers.get(sli.checkId)
      if (known) known.add(tracker)
      else this.#checkTrackers.set(sli.checkId, new Set([tracker]))
    }
  }

  removeTrackers(gone: ReadonlySet<SloTracker>): void {
    for (const tracker of gone) {
      this.trackers.delete(tracker)
      this.events.removeTracker(tracker)
      this.#index.remove(tracker)
      this.#latencyTrackers.delete(tracker)
      if (tracker.sli.kind === 'availability') this.#checkTrackers.get(tracker.sli.checkId)?.delete(tracker)
    }
    for (const known of [this.#targets, this.#oldTargets]) {
      for (const [id, targets] of known) {
        if (targets.some((target) => gone.has(target.tracker)))
          known.set(
            id,
            targets.filter((target) => !gone.has(target.tracker)),
          )
      }
    }
  }

  /** Says that the series goes into the SLO, for a tracker that may have come after the series. */
  connect(definition: SeriesDefinition, tracker: SloTracker, reduction: SeriesReduction): void {
    this.define(definition)
    // Given up while its series were being looked up: rows must not pile up in it.
    if (!this.trackers.has(tracker)) return
    const targets = this.#targetsOf(BigInt(definition.id)) ?? []
    if (!targets.some((target) => target.tracker === tracker)) targets.push({ tracker, reduction })
  }

  /** Decides where an announced series goes and delivers what waited for it. */
  define(definition: SeriesDefinition): void {
    const key = BigInt(definition.id)
    if (this.#targetsOf(key)) return
    const targets: Target[] = []
    for (const tracker of this.#index.candidates(definition)) {
      const reduction = tracker.reduce(definition)
      if (reduction) targets.push({ tracker, reduction })
    }
    this.#targets.set(key, targets)
    const waiting = this.#unresolved.get(key)
    if (!waiting) return
    this.#forget(key)
    for (const point of waiting.points) deliver(targets, definition.id, point)
  }

  /** Takes a block that arrived now, or, for trackers that came later, one that arrived before (`only`). */
  take(block: Block, now: number, only?: ReadonlySet<SloTracker>): void {
    if (this.trackers.size === 0) return
    for (const definition of block.series) this.#announce(definition, only)
    const { series, at, start, value } = block.samples
    for (let i = 0; i < series.length; i++) {
      const id = series[i] ?? 0n
      const targets = this.#targetsOf(id)
      if (targets?.length === 0) continue
      const point = pointFromSample(at[i] ?? 0, start[i] ?? 0, value[i] ?? 0)
      if (point) this.#route(id, targets, point, now, only)
    }
    for (const row of block.histograms) {
      const targets = this.#targetsOf(row.series)
      if (targets?.length === 0) continue
      const point = pointFromHistogram(row)
      if (point) this.#route(row.series, targets, point, now, only)
    }
    // Rows of exponential histograms are costly to read, and few SLIs are over them.
    const exponentials = this.#latencyTrackers.size > 0 ? (block.exponentialHistograms ?? []) : []
    for (const row of exponentials) {
      const targets = this.#targetsOf(row.series)
      if (targets?.length === 0) continue
      const point = pointFromExponential(row)
      if (point) this.#route(row.series, targets, point, now, only)
    }
    for (const run of block.checkRuns) this.#takeCheckRun(run, only)
    if (block.slices.length > 0) this.#takeSlices(block.slices, only ?? this.trackers)
  }

  /**
   * Forgets series of which nothing came since the last call but one. One that comes back is announced again or looked
   * up in the store.
   */
  forgetSilent(): void {
    this.#oldTargets = this.#targets
    this.#targets = new Map()
  }

  /** Series whose points wait for a definition. Long forgotten ones are dropped. */
  unresolved(now: number): string[] {
    for (const [id, { since }] of this.#unresolved) {
      if (now - since > GIVE_UP_AFTER_MS) this.#forget(id)
    }
    return [...this.#unresolved.keys()].map(String)
  }

  /** True, once, when points had to be dropped and every series that is left has been resolved since. */
  takeOverflow(): boolean {
    if (!this.#hasOverflowed || this.#unresolved.size > 0) return false
    this.#hasOverflowed = false
    return true
  }

  #targetsOf(id: bigint): Target[] | undefined {
    const known = this.#targets.get(id)
    if (known) return known
    const old = this.#oldTargets.get(id)
    if (!old) return undefined
    this.#oldTargets.delete(id)
    this.#targets.set(id, old)
    return old
  }

  #announce(definition: SeriesDefinition, only: ReadonlySet<SloTracker> | undefined): void {
    this.define(definition)
    if (!only) return
    for (const tracker of this.#index.candidates(definition)) {
      const reduction = only.has(tracker) ? tracker.reduce(definition) : null
      if (reduction) this.connect(definition, tracker, reduction)
    }
  }

  #route(
    id: bigint,
    targets: Target[] | undefined,
    point: CounterPoint,
    now: number,
    only: ReadonlySet<SloTracker> | undefined,
  ): void {
    if (targets) deliver(only ? targets.filter((target) => only.has(target.tracker)) : targets, String(id), point)
    else this.#keep(id, point, now)
  }

  #takeCheckRun(run: Block['checkRuns'][number], only: ReadonlySet<SloTracker> | undefined): void {
    for (const tracker of this.#checkTrackers.get(run.checkId) ?? []) {
      if (!only || only.has(tracker)) tracker.takeCheckRun(seriesOfCheckRun(run), pointFromCheckRun(run))
    }
  }

  /** Slices are of use to SLOs that are being rebuilt alone; nearly always there is none. */
  #takeSlices(slices: Block['slices'], trackers: ReadonlySet<SloTracker>): void {
    const waiting = new Map<string, SloTracker>()
    for (const tracker of trackers) if (!tracker.isReady) waiting.set(tracker.definition.id, tracker)
    if (waiting.size === 0) return
    for (const slice of slices) waiting.get(slice.sloId)?.takeSlice(slice)
  }

  #keep(id: bigint, point: CounterPoint, now: number): void {
    const known = this.#unresolved.get(id)
    if (known) known.points.push(point)
    else this.#unresolved.set(id, { since: now, points: [point] })
    this.#unresolvedPoints++
    for (const oldest of this.#unresolved.keys()) {
      if (this.#unresolvedPoints <= this.#maxUnresolvedPoints) break
      this.#forget(oldest)
      this.#hasOverflowed = true
    }
  }

  #forget(id: bigint): void {
    this.#unresolvedPoints -= this.#unresolved.get(id)?.points.length ?? 0
    this.#unresolved.delete(id)
  }
}

function deliver(targets: readonly Target[], key: string, point: CounterPoint): void {
  for (const { tracker, reduction } of targets) tracker.take(key, reduction, point)
}
