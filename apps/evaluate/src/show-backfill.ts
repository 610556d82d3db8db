import type { SloBackfill } from '@nines/contracts'
import { messageOf, NinesError } from '@nines/kernel'
import { publishLive, readSloBackfill, writeSloBackfill } from '@nines/pipeline'
import { MINUTE_MS } from '@nines/slo'
import type { EvaluatorState } from './evaluator-state.ts'
import type { SloTracker } from './slo-tracker.ts'

/** Progress is written no more often than this. */
const SHOWN_EVERY_MS = 200

type Shown = Pick<EvaluatorState, 'stores' | 'logger' | 'now'>

/**
 * A history begins to be computed, or goes on where an earlier attempt ended. Nothing is shown of a version whose history
 * was complete before: then there is only the time to catch up with that nobody evaluated.
 */
export async function showBackfillBegun(
  evaluator: Shown,
  tracker: SloTracker,
  span: { from: number; to: number },
  countedUpTo: number,
): Promise<void> {
  const { id: sloId, version } = tracker.definition
  const before = await lastShown(evaluator, tracker)
  if (before?.state === 'done' && countedUpTo > span.from) return
  await show(evaluator, tracker, {
    sloId,
    version,
    state: 'running',
    ...span,
    ...minutesOf(span, countedUpTo),
    startedAt: (before?.state === 'done' ? null : before?.startedAt) ?? evaluator.now(),
    finishedAt: null,
    error: null,
  })
}

/** Minutes that ended by the instant are computed. */
export async function showBackfillReached(evaluator: Shown, tracker: SloTracker, countedUpTo: number): Promise<void> {
  const { backfill } = tracker
  if (!backfill.shown || performance.now() - backfill.shownAt < SHOWN_EVERY_MS) return
  await show(evaluator, tracker, { ...backfill.shown, ...minutesOf(backfill.shown, countedUpTo) })
}

export async function showBackfillDone(evaluator: Shown, tracker: SloTracker): Promise<void> {
  const { shown } = tracker.backfill
  if (!shown) return
  const all = { minutesDone: shown.minutesAll, finishedAt: evaluator.now() }
  await show(evaluator, tracker, { ...shown, ...all, state: 'done', error: null })
}

/** The attempt failed and is made again. What is not meant for people stays in the log. */
export async function showBackfillFailed(evaluator: Shown, tracker: SloTracker, error: unknown): Promise<void> {
  const { id: sloId, version } = tracker.definition
  const reason = error instanceof NinesError ? error.message : 'the stored telemetry cannot be read'
  const now = evaluator.now()
  const span = { from: tracker.windowStart(now), to: tracker.accumulator.tailStart }
  const known = tracker.backfill.shown ?? {
    sloId,
    version,
    ...span,
    ...minutesOf(span, span.from),
    startedAt: null,
    finishedAt: null,
  }
  await show(evaluator, tracker, { ...known, state: 'retrying', error: reason })
}

/** From when on the history of the version has been computed, as far as that was shown; else null. */
export async function countedFrom(evaluator: Shown, tracker: SloTracker): Promise<number | null> {
  const told = await lastShown(evaluator, tracker)
  return told?.state === 'done' ? told.from : null
}

/** The history was computed from an earlier instant on than the version's own windows ask for. */
export async function noteCountedFrom(evaluator: Shown, tracker: SloTracker, from: number): Promise<void> {
  const told = await lastShown(evaluator, tracker)
  if (told?.state !== 'done' || told.from <= from) return
  const all = minutesOf({ from, to: told.to }, told.to)
  await show(evaluator, tracker, { ...told, ...all, from })
}

async function lastShown({ stores, logger }: Shown, tracker: SloTracker): Promise<SloBackfill | null> {
  if (tracker.backfill.shown) return tracker.backfill.shown
  const { id, workspaceId, version } = tracker.definition
  try {
    const told = await readSloBackfill(stores.redis, stores.prefix, workspaceId, id)
    return told?.version === version ? told : null
  } catch (error) {
    logger.debug({ reason: messageOf(error) }, 'the progress of a history cannot be read')
    return null
  }
}

/** Never rejects: that nobody can see it is no reason to stop. */
async function show(evaluator: Shown, tracker: SloTracker, shown: SloBackfill): Promise<void> {
  const { stores, logger } = evaluator
  const { workspaceId } = tracker.definition
  tracker.backfill = { shown, shownAt: performance.now() }
  try {
    await writeSloBackfill(stores.redis, stores.prefix, workspaceId, shown)
    await publishLive(stores.redis, stores.prefix, workspaceId, {
      type: 'slo.backfill',
      id: shown.sloId,
      at: evaluator.now(),
    })
  } catch (error) {
    logger.debug({ reason: messageOf(error) }, 'the progress of a history cannot be shown')
  }
}

function minutesOf({ from, to }: { from: number; to: number }, countedUpTo: number) {
  const minutes = (until: number) => Math.max(0, Math.round((until - from) / MINUTE_MS))
  return { minutesDone: minutes(Math.min(countedUpTo, to)), minutesAll: minutes(to) }
}
