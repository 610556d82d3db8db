import type { JobHandler } from '@nines/pipeline'
import { noteServiceVersion } from '@nines/records'
import { announce, type WorkerContext } from '../worker-context.ts'

/** A version of a service that spans showed is remembered; a new one is a deploy. */
export function noteVersionJob(context: WorkerContext): JobHandler<'noteVersion'> {
  return async (payload) => {
    const outcome = await noteServiceVersion(context.prisma, payload)
    if (!outcome?.isNews) return
    const { workspaceId, changes, followUps } = outcome
    const news = { type: 'change.recorded' as const, id: '' }
    await announce(context, workspaceId, { followUps, changes: [...changes, news] })
  }
}
