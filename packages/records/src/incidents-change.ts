import type { IncidentSeverity, IncidentState, TimelineEntry } from '@nines/contracts'
import type { Actor } from '@nines/incidents'
import { newId } from '@nines/kernel'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { Prisma, PrismaClient } from './generated/client.ts'
import { toTimelineEntry } from './incident-views.ts'
import { lockIncident } from './incidents-row.ts'
import { moveIncident } from './incidents-settle.ts'
import { databaseNow, lockedTransaction } from './locked-transaction.ts'
import { optionalReference, requireReferences } from './workspace-references.ts'

export interface IncidentChange {
  title?: string
  severity?: IncidentSeverity
  commanderId?: string | null
  state?: IncidentState
}

/**
 * A person's change to an incident. Resolving asks for its review; a resolved one keeps its state (`conflict`). An
 * unknown or foreign incident is `not_found`, a commander who is no member is `invalid`.
 */
export async function changeIncident(
  prisma: PrismaClient,
  input: { workspaceId: string; incidentId: string; change: IncidentChange; actor: Actor },
): Promise<Outcome> {
  const { workspaceId, incidentId, actor } = input
  const { state, ...fields } = input.change
  return lockedTransaction(prisma, async (tx) => {
    const incident = await lockIncident(tx, workspaceId, incidentId)
    if (fields.commanderId !== undefined) {
      await requireReferences(tx, workspaceId, optionalReference('member', fields.commanderId, 'body/commanderId'))
    }
    const changesFields = Object.values(fields).some((value) => value !== undefined)
    if (changesFields) {
      await tx.incident.update({ where: { id: incidentId }, data: { ...fields, version: { increment: 1 } } })
    }
    const moved =
      state === undefined
        ? noOutcome()
        : await moveIncident(tx, incident, { kind: 'set_state', state }, actor, await databaseNow(tx))
    const changed = changesFields && moved.changes.length === 0
    return changed ? { ...moved, changes: [{ type: 'incident.changed', id: incidentId }] } : moved
  })
}

export interface TimelineNote {
  kind: 'note' | 'mitigation'
  summary: string
  /** When it happened, epoch ms; now when left out. */
  at?: number
}

/** Records a note or a restoring action of a person, also on a resolved incident. */
export async function addTimelineEntry(
  prisma: PrismaClient,
  input: { workspaceId: string; incidentId: string; entry: TimelineNote; actor: Actor },
): Promise<TimelineEntry> {
  const { workspaceId, incidentId, entry, actor } = input
  return lockedTransaction(prisma, async (tx) => {
    await lockIncident(tx, workspaceId, incidentId)
    const id = newId('tev')
    const row = await tx.timelineEvent.create({
      data: {
        id,
        workspaceId,
        incidentId,
        source: 'person',
        sourceId: id,
        kind: entry.kind,
        at: new Date(entry.at ?? (await databaseNow(tx))),
        actorId: actor.id,
        actorName: actor.name,
        summary: entry.summary,
        data: { via: actor.via } satisfies Prisma.InputJsonObject,
      },
    })
    return toTimelineEntry(row)
  })
}
