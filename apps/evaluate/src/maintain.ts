import { messageOf } from '@nines/kernel'
import { HOUR_MS } from '@nines/slo'
import { findSeriesByIds } from '@nines/telemetry'
import { countLateRange } from './count-stored-minutes.ts'
import { compareEntryIds } from './entry-id.ts'
import type { EvaluatorState } from './evaluator-state.ts'
import { rangesOf } from './late-hours.ts'
import { noteLateHours, readLateHours, removeLateHours } from './late-hour-notes.ts'
import { groundSeries, rebuildTracker } from './rebuild-tracker.ts'
import { writeSlices } from './slice-writer.ts'
import type { SloTracker } from './slo-tracker.ts'
import { findStoredSeries } from './stored-points.ts'

/** Late hours counted anew a turn and SLO, so that one flood of old data does not hold up everything else. */
const LATE_HOURS_PER_TURN = 48

/**
 * Everything that needs the stores and no page waits for: look-ups of unknown series, rebuilds, late data, and writing
 * slices. What fails for one SLO is tried again at the next turn and does not hold up the others.
 */
export async function maintain(evaluator: EvaluatorState): Promise<void> {
  const failures: unknown[] = []
  const attempt = (work: Promise<void>) => work.catch((error: unknown) => void failures.push(error))
  await attempt(resolveSeries(evaluator))
  await attempt(catchUp(evaluator))
  for (const tracker of evaluator.share.trackers) {
    if (evaluator.isStopping) return
    if (!evaluator.share.holds(tracker)) continue
    if (evaluator.toRebuild.has(tracker)) {
      if (!evaluator.toCatchUp.has(tracker)) await attempt(rebuild(evaluator, tracker))
    } else if (tracker.isReady) await attempt(keepUp(evaluator, tracker))
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(messageOf).join('; '))
}

/** Series that were announced before anybody here listened are looked up in the store. */
async function resolveSeries(evaluator: EvaluatorState): Promise<void> {
  const { share, stores } = evaluator
  for (const [workspace, router] of share.routers) {
    const ids = router.unresolved(evaluator.now())
    for (const definition of await findSeriesByIds(stores.telemetry, workspace, ids)) router.define(definition)
  }
}

/** Shows newcomers what the followers had taken before them and the store may not have yet. */
async function catchUp({ toCatchUp, followers, stores, share }: EvaluatorState): Promise<void> {
  const newcomers = new Set(toCatchUp)
  if (newcomers.size === 0) return
  for (const [shard, follower] of followers.entries()) {
    const until = follower.position
    for (let after = '0-0'; compareEntryIds(after, until) < 0;) {
      const entries = await stores.stream.read(shard, after)
      for (const { block } of entries) share.routers.get(block.workspace)?.take(block, Date.now(), newcomers)
      after = entries.at(-1)?.id ?? until
    }
  }
  for (const tracker of newcomers) toCatchUp.delete(tracker)
}

async function rebuild(evaluator: EvaluatorState, tracker: SloTracker): Promise<void> {
  const { stores, share, logger } = evaluator
  const { definition } = tracker
  const router = share.routerOf(definition.workspaceNumber)
  const isWanted = () => share.holds(tracker) && !evaluator.isStopping
  await rebuildTracker({ telemetry: stores.telemetry, router, logger, isWanted }, tracker, evaluator.now())
  tracker.late.restore(await readLateHours(stores.redis, stores.prefix, definition))
  if (!isWanted()) return
  tracker.isReady = true
  evaluator.toRebuild.delete(tracker)
  logger.info({ sloId: definition.id, version: definition.version }, 'SLO is being evaluated')
}

async function keepUp(evaluator: EvaluatorState, tracker: SloTracker): Promise<void> {
  const { stores } = evaluator
  await groundSeries(stores.telemetry, tracker, evaluator.now())
  await noteLate(evaluator, tracker)
  await countLate(evaluator, tracker)
  await writeSlices(stores.stream, tracker, evaluator.now())
  await removeLateHours(stores.redis, stores.prefix, tracker.definition, tracker.late.takeSettled())
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
  const batch = late.batch(positions, accumulator.tailStart)
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
