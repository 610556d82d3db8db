import type { TimelineDraft } from '@nines/incidents'
import { newId } from '@nines/kernel'
import type { Database } from './client.ts'
import type { Prisma } from './generated/client.ts'

/** Adds events to a timeline. One that is there already, by source and source id, stays as it is. */
export async function recordTimeline(
  tx: Database,
  workspaceId: string,
  incidentId: string,
  drafts: readonly TimelineDraft[],
): Promise<void> {
  if (drafts.length === 0) return
  await tx.timelineEvent.createMany({
    data: drafts.map(({ at, data, ...draft }) => ({
      ...draft,
      id: newId('tev'),
      workspaceId,
      incidentId,
      at: new Date(at),
      data: data as Prisma.InputJsonObject,
    })),
    skipDuplicates: true,
  })
}
