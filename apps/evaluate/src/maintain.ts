import { messageOf } from '@nines/kernel'
import { HOUR_MS } from '@nines/slo'
import { findSeriesByIds, findStoredSeries } from '@nines/telemetry'
import { countLateRange } from './count-stored-minutes.ts'
import { compareEntryIds } from './entry-id.ts'
import type { EvaluatorState } from './evaluator-state.ts'
import { noteFollowed } from './follow-position.ts'
import { rangesOf } from './late-hours.ts'
import { noteLateHours, removeLateHours } from './late-hour-notes.ts'
import { groundSeries } from './rebuild-tracker.ts'
import { settledBy, writeSlices } from './slice-writer.ts'
import type { SloTracker } from './slo-tracker.ts'

/** Late hours counted anew a turn and SLO, so that one flood of old data does not hold up everything else. */
const LATE_HOURS_PER_TURN = 48

/**
 * Keeps what is being evaluated in step with the store: look-ups of unknown series, late data, and writing slices. What
 * fails for one SLO is tried again at the next turn and does not hold up the others.
 */
export async function maintain(evaluator: EvaluatorState): Promise<void> {
  const failures: unknown[] = []
  const attempt = (work: Promise<void>) => work.catch((error: unknown) => void failures.push(error))
  const followed = evaluator.followers.map((follower) => follower.position)
  await attempt(resolveSeries(evaluator))
  for (const tracker of evaluator.share.trackers) {
    if (evaluator.isStopping) return
    if (!tracker.canDecide || !tracker.needsUpkeep || !evaluator.share.holds(tracker)) continue
    await attempt(keepUp(evaluator, tracker))
  }
  const byWorkspace = Map.groupBy(toPersist(evaluator), (tracker) => tracker.definition.workspaceNumber)
  for (const trackers of byWorkspace.values()) await attempt(persist(evaluator, trackers))
  // Every late hour up to there has been noted, so that a crash now loses none.
  if (failures.length === 0 && evaluator.toRebuild.size === 0) {
    await attempt(noteFollowed(evaluator.stores.redis, evaluator.stores.prefix, followed))
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(messageOf).join('; '))
}

/** Series that were announced before anybody here listened are looked up in the store. */
async function resolveSeries(evaluator: EvaluatorState): Promise<void> {
  const { share, stores } = evaluator
  for (const [workspace, router] of share.routers) {
    const ids = router.unresolved(evaluator.now())
    for (const definition of await findSeriesByIds(stores.telemetry, workspace, ids)) router.define(definition)
    if (!router.takeOverflow()) continue
    evaluator.logger.warn({ workspace }, 'too many unknown series at once: the SLOs of the workspace are rebuilt')
    evaluator.restart([...router.trackers])
  }
}

async function keepUp(evaluator: EvaluatorState, tracker: SloTracker): Promise<void> {
  const { stores } = evaluator
  await groundSeries(stores.telemetry, tracker, evaluator.now())
  await noteLate(evaluator, tracker)
  await countLate(evaluator, tracker)
}

function toPersist(evaluator: EvaluatorState): SloTracker[] {
  const endedBy = settledBy(evaluator.now())
  return evaluator.share.trackers.filter(
    (tracker) => tracker.isReady && (tracker.accumulator.hasChanged(endedBy) || tracker.late.isCounted),
  )
}

/** Writes the slices of one workspace's SLOs and then drops the notes of late hours that went into them. */
async function persist(evaluator: EvaluatorState, trackers: readonly SloTracker[]): Promise<void> {
  const { stores } = evaluator
  if (!evaluator.mayAct) return
  await writeSlices(stores.stream, trackers, evaluator.now())
  for (const tracker of trackers) {
    if (!evaluator.mayAct) return
    if (!tracker.late.isCounted) continue
    await removeLateHours(stores.redis, stores.prefix, tracker.definition, tracker.late.takeSettled())
  }
}

async function noteLate({ stores }: EvaluatorState, tracker: SloTracker): Promise<void> {
  const hours = tracker.late.takeUnnoted()
  try {
    await noteLateHours(stores.redis, stores.prefix, tracker.definition, hours)
  } catch (error) {
    tracker.late.noteFailed(hours)
    throw error
  }
}

/** Counts hours with late points anew once the store holds all of these points. */
async function countLate(evaluator: EvaluatorState, tracker: SloTracker): Promise<void> {
  const { stores, followers } = evaluator
  const { accumulator, definition, late } = tracker
  const positions = followers.map((follower) => follower.position)
  const batch = late.batch(positions, accumulator.tailStart, tracker.knownFrom)
  if (!batch) return
  for (const [shard, position] of batch.positions.entries()) {
    if (compareEntryIds(await stores.stream.storePosition(shard), position) < 0) return
  }
  const windowStart = tracker.windowStart(evaluator.now())
  const hours = batch.hours.filter((hour) => hour + HOUR_MS > windowStart).slice(0, LATE_HOURS_PER_TURN)
  const stored = await findStoredSeries(stores.telemetry, definition, windowStart - HOUR_MS)
  const series = new Map(stored.map(({ definition: found, reduction }) => [found.id, reduction]))
  for (const [from, to] of rangesOf(hours)) {
    const range = { from: Math.max(from, windowStart), to, tailStart: batch.tailStart, floor: windowStart - HOUR_MS }
    await countLateRange(stores.telemetry, tracker, series, range)
  }
  late.counted([...hours, ...batch.hours.filter((hour) => hour + HOUR_MS <= windowStart)])
  evaluator.logger.debug({ sloId: definition.id, hours: hours.length }, 'late data counted')
}
