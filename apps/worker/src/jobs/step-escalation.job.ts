import type { JobHandler } from '@nines/pipeline'
import { stepEscalation } from '@nines/records'
import { announce, unlessGone, type WorkerContext } from '../worker-context.ts'

/** The next step of a policy: who is paged now, and when comes the step after. */
export function stepEscalationJob(context: WorkerContext): JobHandler<'stepEscalation'> {
  return async (payload) => {
    const step = stepEscalation(context.prisma, payload, context.settings)
    const outcome = await unlessGone(context, step, payload)
    if (!outcome) return
    if (outcome.result !== 'not_due') {
      context.logger.info({ escalationId: payload.escalationId, result: outcome.result }, 'escalation step')
    }
    await announce(context, payload.workspaceId, outcome)
  }
}
