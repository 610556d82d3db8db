import type { SloStatus } from '@nines/contracts'
import { messageOf, NinesError } from '@nines/kernel'
import type { RuleResult } from '@nines/slo'
import type { EvaluatorState } from './evaluator-state.ts'
import type { Evaluation, SloTracker } from './slo-tracker.ts'
import { nextReport } from './verdict-report.ts'

/** An SLO for which nothing arrived is looked at this often: windows move on by themselves. */
const QUIET_INTERVAL_MS = 1_000
/** One that gets data all the time is looked at no more often than this; the first data after a pause waits for nothing. */
const BUSY_INTERVAL_MS = 250

/** What a tick needs of an evaluator. */
export type TickState = Pick<EvaluatorState, 'logger' | 'now' | 'heard'> & {
  readonly share: Pick<EvaluatorState['share'], 'trackers'>
  readonly publisher: Pick<EvaluatorState['publisher'], 'publish'>
  readonly stores: { readonly jobs: Pick<EvaluatorState['stores']['jobs'], 'enqueue'> }
}

/**
 * Evaluates what is due: SLOs for which something arrived, the others once a second. Verdicts go out before statuses:
 * a page must not wait for a dashboard. Rejects when Redis refused something, which is then due again. What is wrong with
 * one SLO is logged and holds up no other.
 */
export async function evaluateTick(evaluator: TickState): Promise<void> {
  const now = evaluator.now()
  const statuses = new Map<string, SloStatus[]>()
  const failures: unknown[] = []
  for (const tracker of evaluator.share.trackers) {
    const intervalMs = tracker.isTouched ? BUSY_INTERVAL_MS : QUIET_INTERVAL_MS
    if (!tracker.isReady || Math.abs(now - tracker.evaluatedAt) < intervalMs) continue
    const evaluation = evaluateAlone(evaluator, tracker, now)
    if (!evaluation) continue
    const { status, results } = evaluation
    const { workspaceId } = tracker.definition
    const list = statuses.get(workspaceId)
    if (list) list.push(status)
    else statuses.set(workspaceId, [status])
    await reportVerdicts(evaluator, tracker, results, now).catch((error: unknown) => failures.push(error))
  }
  await evaluator.publisher.publish(statuses, now).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw new AggregateError(failures, failures.map(messageOf).join('; '))
}

function evaluateAlone(evaluator: TickState, tracker: SloTracker, now: number): Evaluation | null {
  try {
    return tracker.evaluate(now, evaluator.heard())
  } catch (error) {
    evaluator.logger.error({ sloId: tracker.definition.id, reason: messageOf(error) }, 'the SLO could not be evaluated')
    return null
  }
}

async function reportVerdicts(
  { stores, logger }: TickState,
  tracker: SloTracker,
  results: readonly RuleResult[],
  now: number,
): Promise<void> {
  for (const { ruleId, verdict, evidence } of results) {
    const said = tracker.saidVerdicts.get(ruleId)
    const next = nextReport(said, verdict, now)
    if (!next) continue
    const { workspaceId, id: sloId } = tracker.definition
    await stores.jobs.enqueue('advanceAlert', { workspaceId, ruleId, at: now, verdict, evidence }).catch((error) => {
      if (!(error instanceof NinesError) || error.code === 'unavailable') throw error
      // No repeat makes this verdict acceptable, and a failing turn would slow down every other page.
      logger.error({ sloId, ruleId, reason: error.message }, 'a verdict cannot be reported')
    })
    tracker.saidVerdicts.set(ruleId, next)
    if (said?.verdict !== verdict) logger.info({ sloId, ruleId, verdict }, 'rule verdict')
  }
}
