import { messageOf } from '@nines/kernel'
import { compareEntryIds } from './entry-id.ts'
import type { EvaluatorState } from './evaluator-state.ts'
import { GatheredSlices } from './gathered-slices.ts'
import { readLateHours } from './late-hour-notes.ts'
import { connectStoredSeries, rebuildTracker, type RebuildContext } from './rebuild-tracker.ts'
import {
  countedFrom,
  noteCountedFrom,
  showBackfillBegun,
  showBackfillDone,
  showBackfillFailed,
  showBackfillReached,
} from './show-backfill.ts'
import type { SloTracker } from './slo-tracker.ts'

/** So many are brought into memory beside each other: what they ask the store for is asked as one. */
const GROUP = 500
/** With the store away this long, an SLO is evaluated on what there is; late hours are counted when it is back. */
const STORE_PATIENCE_MS = 60_000
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 10_000

/**
 * Brings SLOs that came to this replica into memory, group by group. One that fails is tried again, later each time up to
 * 10 s, and does not hold up the others.
 */
export async function rebuildNewcomers(evaluator: EvaluatorState): Promise<void> {
  const failures: string[] = []
  await catchUp(evaluator, failures)
  // One that came while others were being rebuilt has to catch up first.
  const due = [...evaluator.toRebuild].filter((tracker) => !evaluator.toCatchUp.has(tracker) && isDue(tracker))
  for (const group of groupsOf(due)) {
    const telemetry = evaluator.stores.telemetry.gathered()
    const slices = new GatheredSlices(evaluator)
    const now = evaluator.now()
    await Promise.all(
      group.map(async (tracker) => {
        if (evaluator.isStopping || !evaluator.mayAct || !evaluator.toRebuild.has(tracker)) return
        if (await lacksHistory(evaluator, tracker)) return
        await rebuild(evaluator, tracker, { telemetry, slices, now }).catch(async (error: unknown) => {
          failures.push(await postpone(evaluator, tracker, error))
        })
      }),
    )
  }
  const [reason] = failures
  if (reason) evaluator.logger.warn({ slos: failures.length, reason }, 'SLOs cannot be rebuilt yet')
}

function* groupsOf(trackers: readonly SloTracker[]): Generator<readonly SloTracker[]> {
  for (let i = 0; i < trackers.length; i += GROUP) yield trackers.slice(i, i + GROUP)
}

const isDue = ({ rebuild }: SloTracker) => performance.now() >= rebuild.dueAt

async function postpone(evaluator: EvaluatorState, tracker: SloTracker, error: unknown): Promise<string> {
  const { rebuild } = tracker
  const delayMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(rebuild.failures++, 10), LAST_RETRY_MS)
  rebuild.dueAt = performance.now() + delayMs
  if (evaluator.share.holds(tracker) && !evaluator.isStopping) await showBackfillFailed(evaluator, tracker, error)
  return messageOf(error)
}

/**
 * Shows newcomers what the followers had taken before them and the store may not have yet. First their series are made
 * known: a row in the stream does not say what series it belongs to when that was announced long ago.
 */
async function catchUp(evaluator: EvaluatorState, failures: string[]): Promise<void> {
  const { toCatchUp, followers, stores, share } = evaluator
  const newcomers = new Set<SloTracker>()
  for (const group of groupsOf([...toCatchUp].filter(isDue))) {
    const telemetry = stores.telemetry.gathered()
    const now = evaluator.now()
    await Promise.all(
      group.map((tracker) =>
        connectStoredSeries(telemetry, share.routerOf(tracker.definition.workspaceNumber), tracker, now).then(
          () => newcomers.add(tracker),
          async (error: unknown) => failures.push(await postpone(evaluator, tracker, error)),
        ),
      ),
    )
  }
  if (newcomers.size === 0) return
  const positions = await Promise.all(followers.map(async (_, shard) => (await stores.stream.lastId(shard)) ?? '0-0'))
  for (const [shard, follower] of followers.entries()) {
    const until = follower.position
    for (let after = '0-0'; compareEntryIds(after, until) < 0;) {
      const entries = await stores.stream.read(shard, after)
      for (const entry of entries) evaluator.take(entry, shard, newcomers)
      after = entries.at(-1)?.id ?? until
    }
  }
  for (const tracker of newcomers) {
    toCatchUp.delete(tracker)
    tracker.historyIn ??= { positions, since: Date.now() }
  }
}

/**
 * True while old points that came by in the stream are not in the store yet. A history counted without them would be
 * short of events, and a short history burns faster than the real one: a false page for an SLO made right after its
 * data was sent.
 */
async function lacksHistory(evaluator: EvaluatorState, tracker: SloTracker): Promise<boolean> {
  const { stores, followers, logger } = evaluator
  const { historyIn, definition } = tracker
  if (!historyIn) return false
  const isBehind = Date.now() - historyIn.since > STORE_PATIENCE_MS
  // What lies in the stream and was not looked at yet may be old as well.
  const hasSeenAll = followers.every((follower, shard) => isUpTo(follower.position, historyIn.positions[shard]))
  if (!hasSeenAll && !isBehind) return true
  if (tracker.late.pending === 0) return false
  if (isBehind) {
    logger.warn({ sloId: definition.id }, 'the store is behind: the SLO is evaluated without its newest history')
    return false
  }
  for (const [shard, position] of historyIn.positions.entries()) {
    if (!isUpTo(await stores.stream.storePosition(shard), position)) return true
  }
  return false
}

function isUpTo(position: string, goal = '0-0'): boolean {
  return compareEntryIds(position, goal) >= 0
}

async function rebuild(
  evaluator: EvaluatorState,
  tracker: SloTracker,
  { telemetry, slices, now }: Pick<RebuildContext, 'telemetry'> & { slices: GatheredSlices; now: number },
): Promise<void> {
  const { stores, share, logger } = evaluator
  const { definition } = tracker
  const isWanted = () => share.holds(tracker) && !evaluator.isStopping && evaluator.mayAct
  const context: RebuildContext = {
    telemetry,
    router: share.routerOf(definition.workspaceNumber),
    countedFrom: tracker.keptFor.length === 0 ? null : await countedFrom(evaluator, tracker),
    isWanted,
    onBegun: (span, countedUpTo) => showBackfillBegun(evaluator, tracker, span, countedUpTo),
    onCounted: async (countedUpTo) => {
      // Oldest first: whoever goes on with it begins behind the newest slice that was written.
      await slices.write(tracker, countedUpTo)
      await showBackfillReached(evaluator, tracker, countedUpTo)
    },
  }
  const windowStart = tracker.windowStart(now)
  await rebuildTracker(context, tracker, now)
  tracker.late.restore(await readLateHours(stores.redis, stores.prefix, definition))
  if (!isWanted()) return
  tracker.isReady = true
  evaluator.toRebuild.delete(tracker)
  await showBackfillDone(evaluator, tracker)
  if (tracker.keptFor.length > 0) await noteCountedFrom(evaluator, tracker, windowStart)
  logger.info({ sloId: definition.id, version: definition.version }, 'SLO is being evaluated')
}
