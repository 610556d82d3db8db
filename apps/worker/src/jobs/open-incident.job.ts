import type { JobHandler } from '@nines/pipeline'
import { openIncidentForAlert } from '@nines/records'
import { announce, unlessGone, type WorkerContext } from '../worker-context.ts'

/** A critical alert gets its incident, or joins the one its service has open. */
export function openIncidentJob(context: WorkerContext): JobHandler<'openIncident'> {
  return async (payload) => {
    const outcome = await unlessGone(context, openIncidentForAlert(context.prisma, payload), payload)
    if (outcome) await announce(context, payload.workspaceId, outcome)
  }
}
