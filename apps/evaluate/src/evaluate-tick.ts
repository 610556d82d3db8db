import type { SloStatus } from '@nines/contracts'
import { messageOf, NinesError } from '@nines/kernel'
import type { PayloadOf } from '@nines/pipeline'
import { ATTENTIVE_MS } from '@nines/slo'
import type { BudgetReports } from './budget-reports.ts'
import type { EvaluatedSlo, Evaluation } from './evaluated-slo.ts'
import type { EvaluatorState } from './evaluator-state.ts'
import { nextReport, REPEAT_AFTER_MS } from './verdict-report.ts'

/** What is found out in so long goes out before the rest is looked at: a page waits for no thousands of others. */
const BATCH_MS = 20

/** What a tick needs of an evaluator. */
export type TickState = Pick<EvaluatorState, 'logger' | 'now' | 'heard' | 'mayAct'> & {
  readonly share: Pick<EvaluatorState['share'], 'plan'>
  readonly publisher: Pick<EvaluatorState['publisher'], 'publish'>
  readonly stores: { readonly jobs: Pick<EvaluatorState['stores']['jobs'], 'enqueue'> }
  /** Rules with an alert that is open; null or left out: any may have one. */
  readonly openRules?: ReadonlySet<string> | null
  /** Left out: no SLO follows a budget policy. */
  readonly budgets?: Pick<BudgetReports, 'due' | 'said'>
}

interface Looked extends Evaluation {
  tracker: EvaluatedSlo
  at: number
}

/**
 * Evaluates what is due: SLOs for which something arrived, the others when time may have changed something. Verdicts go
 * out before statuses: a page must not wait for a dashboard. Rejects when Redis refused something, which is then due
 * again. What is wrong with one SLO is logged and holds up no other.
 */
export async function evaluateTick(evaluator: TickState): Promise<void> {
  const { plan } = evaluator.share
  const failures: unknown[] = []
  let due = plan.take(evaluator.now()).values()
  // Composites hear of what their members' evaluation found, and are due by then.
  let isFirstRound = true
  for (;;) {
    const looked = evaluateSome(evaluator, due)
    if (looked.length === 0 && isFirstRound) {
      isFirstRound = false
      due = plan.take(evaluator.now()).values()
      continue
    }
    await Promise.all(
      looked.map(async (one) => {
        const hasFailed = await report(evaluator, one).then(
          () => false,
          (error: unknown) => failures.push(error) > 0,
        )
        plan.schedule(one.tracker, hasFailed ? one.at + ATTENTIVE_MS : nextLookOf(one))
      }),
    )
    const statuses = new Map<string, SloStatus[]>()
    for (const { tracker, status } of looked) {
      // What the former owner said stands until the whole window is known.
      if (!status) continue
      const list = statuses.get(tracker.definition.workspaceId)
      if (list) list.push(status)
      else statuses.set(tracker.definition.workspaceId, [status])
    }
    await evaluator.publisher.publish(statuses, evaluator.now()).catch((error: unknown) => failures.push(error))
    if (looked.length === 0) break
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(messageOf).join('; '))
}

/** Looks at the next of those that are due, until a batch is together; none are left when it is empty. */
function evaluateSome(evaluator: TickState, due: Iterator<EvaluatedSlo>): Looked[] {
  const { plan } = evaluator.share
  const looked: Looked[] = []
  const startedAt = performance.now()
  let looks = 0
  let tookMs = 0
  for (let next = due.next(); !next.done; next = due.next()) {
    const tracker = next.value
    // While others were reported it may have gone to another replica, or this process was stopped for long.
    if (plan.holds(tracker)) {
      const at = evaluator.now()
      const evaluation = evaluator.mayAct ? evaluateAlone(evaluator, tracker, at) : null
      if (evaluation) looked.push({ ...evaluation, tracker, at })
      else plan.schedule(tracker, at + ATTENTIVE_MS)
      looks++
    }
    tookMs = performance.now() - startedAt
    if (tookMs >= BATCH_MS && looked.length > 0) break
  }
  plan.noteCost(looks, tookMs)
  return looked
}

function evaluateAlone(evaluator: TickState, tracker: EvaluatedSlo, now: number): Evaluation | null {
  try {
    return tracker.evaluate(now, evaluator.heard())
  } catch (error) {
    evaluator.logger.error({ sloId: tracker.definition.id, reason: messageOf(error) }, 'the SLO could not be evaluated')
    return null
  }
}

/** A true, and what followed one, is said again, for which it has to be looked at again. */
function nextLookOf({ tracker, at, nextLookAt }: Looked): number {
  let next = nextLookAt
  for (const { verdict, repeatsLeft } of tracker.saidVerdicts.values()) {
    if (verdict === 'true' || repeatsLeft > 0) next = Math.min(next, at + REPEAT_AFTER_MS)
  }
  return next
}

async function report(evaluator: TickState, one: Looked): Promise<void> {
  await reportVerdicts(evaluator, one)
  const crossing = one.status && evaluator.budgets?.due(one.status)
  if (crossing) await reportBudget(evaluator, crossing)
}

async function reportBudget(
  { stores, budgets, logger }: TickState,
  crossing: PayloadOf<'advanceBudget'>,
): Promise<void> {
  const { sloId } = crossing
  await stores.jobs.enqueue('advanceBudget', crossing).catch((error) => {
    if (!(error instanceof NinesError) || error.code === 'unavailable') throw error
    logger.error({ sloId, reason: error.message }, 'what is left of a budget cannot be reported')
  })
  budgets?.said(crossing)
  logger.info({ sloId }, 'a budget crosses a step of its policy')
}

async function reportVerdicts(
  { stores, logger, openRules }: TickState,
  { tracker, results, at }: Looked,
): Promise<void> {
  for (const { ruleId, verdict, evidence } of results) {
    const said = tracker.saidVerdicts.get(ruleId)
    const next = nextReport(said, verdict, at, openRules?.has(ruleId) ?? true)
    if (!next) continue
    if (next.isUnsaid) {
      tracker.saidVerdicts.set(ruleId, next)
      continue
    }
    const { workspaceId, id: sloId } = tracker.definition
    await stores.jobs.enqueue('advanceAlert', { workspaceId, ruleId, at, verdict, evidence }).catch((error) => {
      if (!(error instanceof NinesError) || error.code === 'unavailable') throw error
      // No repeat makes this verdict acceptable, and a failing turn would slow down every other page.
      logger.error({ sloId, ruleId, reason: error.message }, 'a verdict cannot be reported')
    })
    tracker.saidVerdicts.set(ruleId, next)
    if (said?.verdict !== verdict) logger.info({ sloId, ruleId, verdict }, 'rule verdict')
  }
}
