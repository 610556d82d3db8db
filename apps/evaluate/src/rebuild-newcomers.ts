import { compareEntryIds } from './entry-id.ts'
import type { EvaluatorState } from './evaluator-state.ts'
import { readLateHours } from './late-hour-notes.ts'
import {
  groupsOf,
  isDue,
  rebuildTogether,
  waitABit,
  wantedBy,
  warnOfFailures,
  type Together,
} from './rebuild-together.ts'
import { connectStoredSeries, rebuildRecent } from './rebuild-tracker.ts'
import type { SloTracker } from './slo-tracker.ts'

/** So many are brought into memory beside each other. */
const GROUP = 500
/** With the store away this long, an SLO is evaluated on what there is; late hours are counted when it is back. */
const STORE_PATIENCE_MS = 60_000

/**
 * Brings the recent past of SLOs that came to this replica into memory, group by group, after which they can page; the rest of their
 * windows follows (rebuildRests).
 */
export async function rebuildNewcomers(evaluator: EvaluatorState): Promise<void> {
  await catchUp(evaluator)
  // One that came while others were being rebuilt has to catch up first.
  const isNew = (tracker: SloTracker) => !tracker.canDecide && !evaluator.toCatchUp.has(tracker)
  for (const group of groupsOf(
    [...evaluator.toRebuild].filter((tracker) => isNew(tracker) && isDue(tracker)),
    GROUP,
  )) {
    warnOfFailures(evaluator, await rebuildTogether(evaluator, group, readRecent))
    const slos = group.filter(({ canDecide }) => canDecide).length
    if (slos > 0) evaluator.logger.info({ slos }, 'SLOs can page')
  }
}

/**
 * Shows newcomers what the followers had taken before them and the store may not have yet. First their series are made
 * known: a row in the stream does not say what series it belongs to when that was announced long ago.
 */
async function catchUp(evaluator: EvaluatorState): Promise<void> {
  const { toCatchUp, followers, stores } = evaluator
  const newcomers = new Set<SloTracker>()
  for (const group of groupsOf([...toCatchUp].filter(isDue), GROUP)) {
    const failures = await rebuildTogether(evaluator, group, async (_, tracker, { telemetry, now }) => {
      await connectStoredSeries(telemetry, wantedBy(evaluator, tracker).router, tracker, now)
      newcomers.add(tracker)
    })
    warnOfFailures(evaluator, failures)
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

async function readRecent(evaluator: EvaluatorState, tracker: SloTracker, { telemetry, now }: Together): Promise<void> {
  if (await lacksHistory(evaluator, tracker)) return waitABit(tracker)
  const { stores } = evaluator
  const { definition } = tracker
  // Before the slices: what somebody else counts anew and takes its note of away meanwhile is counted here once more.
  tracker.late.restore(await readLateHours(stores.redis, stores.prefix, definition))
  await rebuildRecent({ telemetry, ...wantedBy(evaluator, tracker) }, tracker, now)
  tracker.rebuild.failures = 0
}
