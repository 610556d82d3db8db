import type { JobHandler } from '@nines/pipeline'
import { applyAlertEvent } from '@nines/records'
import { announce, unlessGone, type WorkerContext } from '../worker-context.ts'

/** An alert has been pending, or clear, long enough. */
export function wakeAlertJob(context: WorkerContext): JobHandler<'wakeAlert'> {
  return async (payload) => {
    const event = applyAlertEvent(context.prisma, { ...payload, event: 'timer' }, context.settings)
    const outcome = await unlessGone(context, event, payload)
    if (!outcome) return
    if (outcome.changed)
      context.logger.info({ alertId: payload.alertId, state: outcome.state }, 'alert moved by its timer')
    await announce(context, payload.workspaceId, outcome)
  }
}
