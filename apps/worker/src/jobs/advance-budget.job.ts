import type { JobHandler } from '@nines/pipeline'
import { applyBudgetReading } from '@nines/records'
import { announce, type WorkerContext } from '../worker-context.ts'

/** What is left of an SLO's budgets moves the steps of its policy. */
export function advanceBudgetJob(context: WorkerContext): JobHandler<'advanceBudget'> {
  return async (payload) => {
    const outcome = await applyBudgetReading(context.prisma, payload, context.settings)
    for (const { kind, cause, objective, budgetLeftBelow } of outcome.crossings) {
      const what = { sloId: payload.sloId, objective, budgetLeftBelow, kind, cause }
      context.logger.info(what, 'a threshold on a budget was crossed')
    }
    await announce(context, payload.workspaceId, outcome)
  }
}
