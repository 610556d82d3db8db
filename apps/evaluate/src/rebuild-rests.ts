import type { Span } from '@nines/slo'
import type { EvaluatorState } from './evaluator-state.ts'
import { groupsOf, isDue, rebuildTogether, wantedBy, warnOfFailures, type Together } from './rebuild-together.ts'
import { rebuildRest } from './rebuild-tracker.ts'
import {
  countedFrom,
  noteCountedFrom,
  showBackfillBegun,
  showBackfillDone,
  showBackfillReached,
} from './show-backfill.ts'
import type { SloTracker } from './slo-tracker.ts'

/** Whoever comes meanwhile waits for no more than so many. */
const GROUP = 200

/**
 * Brings the rest of the windows into memory of SLOs that can page already, group by group: those with open alerts first, and
 * nothing while others cannot page yet.
 */
export async function rebuildRests(evaluator: EvaluatorState): Promise<void> {
  const { toRebuild } = evaluator
  for (const group of groupsOf(inOrderOfNeed(evaluator), GROUP)) {
    if (evaluator.isStopping || [...toRebuild].some((tracker) => !tracker.canDecide && isDue(tracker))) return
    warnOfFailures(evaluator, await rebuildTogether(evaluator, group, readRest))
  }
}

/** Those whose rest is due. An open alert may wait for it to be resolved, and a composite for all of its members. */
function inOrderOfNeed({ toRebuild, openRules }: EvaluatorState): SloTracker[] {
  const due = [...toRebuild].filter((tracker) => tracker.canDecide && isDue(tracker))
  const needOf = ({ definition, keptFor }: SloTracker) => {
    if (openRules && definition.rules.some(({ id }) => openRules.has(id))) return 0
    return keptFor.length > 0 ? 1 : 2
  }
  return due.sort((a, b) => needOf(a) - needOf(b))
}

async function readRest(
  evaluator: EvaluatorState,
  tracker: SloTracker,
  { telemetry, slices, now }: Together,
): Promise<void> {
  const { logger } = evaluator
  const { definition } = tracker
  const wanted = wantedBy(evaluator, tracker)
  const context = {
    telemetry,
    ...wanted,
    countedFrom: tracker.keptFor.length === 0 ? null : await countedFrom(evaluator, tracker),
    onBegun: (span: Span, countedUpTo: number) => showBackfillBegun(evaluator, tracker, span, countedUpTo),
    onCounted: async (countedUpTo: number) => {
      // Oldest first: whoever goes on with it begins behind the newest slice that was written.
      await slices.write(tracker, countedUpTo)
      await showBackfillReached(evaluator, tracker, countedUpTo)
    },
  }
  const windowStart = tracker.windowStart(now)
  await rebuildRest(context, tracker, now)
  if (!wanted.isWanted()) return
  tracker.becomeWhole()
  evaluator.toRebuild.delete(tracker)
  await showBackfillDone(evaluator, tracker)
  if (tracker.keptFor.length > 0) await noteCountedFrom(evaluator, tracker, windowStart)
  logger.info({ sloId: definition.id, version: definition.version }, 'SLO is being evaluated')
}
