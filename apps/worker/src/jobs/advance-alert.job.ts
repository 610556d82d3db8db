import type { JobHandler } from '@nines/pipeline'
import { applyVerdict } from '@nines/records'
import { announce, type WorkerContext } from '../worker-context.ts'

/** A rule's verdict moves its alert. */
export function advanceAlertJob(context: WorkerContext): JobHandler<'advanceAlert'> {
  return async (payload) => {
    const outcome = await applyVerdict(context.prisma, payload, context.settings)
    for (const effect of outcome.effects) {
      if (effect.kind === 'ignored') continue
      context.logger.info({ alertId: outcome.alertId, ruleId: payload.ruleId, effect: effect.kind }, 'alert moved')
    }
    await announce(context, payload.workspaceId, outcome)
  }
}
