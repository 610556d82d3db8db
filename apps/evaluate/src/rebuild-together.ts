import { messageOf } from '@nines/kernel'
import type { EvaluatorState } from './evaluator-state.ts'
import { GatheredSlices } from './gathered-slices.ts'
import type { RebuildContext } from './rebuild-tracker.ts'
import { showBackfillFailed } from './show-backfill.ts'
import type { SloTracker } from './slo-tracker.ts'

const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 10_000
/** Less than the pause between two turns. */
const WAIT_MS = 250

/** What SLOs that are rebuilt beside each other ask and write through. */
export interface Together extends Pick<RebuildContext, 'telemetry'> {
  slices: GatheredSlices
  now: number
}

/**
 * Does the same for SLOs that are being brought into memory, so many beside each other: what they ask the store for is asked as
 * one. One that fails is put off, later each time up to 10 s, and does not hold up the others. Answers why some did.
 */
export async function rebuildTogether(
  evaluator: EvaluatorState,
  group: readonly SloTracker[],
  rebuild: (evaluator: EvaluatorState, tracker: SloTracker, together: Together) => Promise<unknown>,
): Promise<string[]> {
  const telemetry = evaluator.stores.telemetry.gathered()
  const together = { telemetry, slices: new GatheredSlices(evaluator), now: evaluator.now() }
  const failures: string[] = []
  await Promise.all(
    group.map(async (tracker) => {
      if (evaluator.isStopping || !evaluator.mayAct || !evaluator.toRebuild.has(tracker)) return
      await rebuild(evaluator, tracker, together).catch(async (error: unknown) => {
        failures.push(await putOff(evaluator, tracker, error))
      })
    }),
  )
  return failures
}

export function* groupsOf(trackers: readonly SloTracker[], size: number): Generator<readonly SloTracker[]> {
  for (let i = 0; i < trackers.length; i += size) yield trackers.slice(i, i + size)
}

export const isDue = ({ rebuild }: SloTracker) => performance.now() >= rebuild.dueAt

/** Has it looked at again in a moment. */
export function waitABit({ rebuild }: SloTracker): void {
  rebuild.dueAt = performance.now() + WAIT_MS
}

export function warnOfFailures({ logger }: EvaluatorState, failures: readonly string[]): void {
  const [reason] = failures
  if (reason) logger.warn({ slos: failures.length, reason }, 'SLOs cannot be rebuilt yet')
}

export function wantedBy(evaluator: EvaluatorState, tracker: SloTracker): Omit<RebuildContext, 'telemetry'> {
  const { share } = evaluator
  return {
    router: share.routerOf(tracker.definition.workspaceNumber),
    isWanted: () => share.holds(tracker) && !evaluator.isStopping && evaluator.mayAct,
  }
}

async function putOff(evaluator: EvaluatorState, tracker: SloTracker, error: unknown): Promise<string> {
  const { rebuild } = tracker
  const delayMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(rebuild.failures++, 10), LAST_RETRY_MS)
  rebuild.dueAt = performance.now() + delayMs
  if (evaluator.share.holds(tracker) && !evaluator.isStopping) await showBackfillFailed(evaluator, tracker, error)
  return messageOf(error)
}
