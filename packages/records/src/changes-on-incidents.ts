import { changeHappened } from '@nines/incidents'
import type { NamedService } from './change-services.ts'
import { namedServices } from './change-services.ts'
import type { Database } from './client.ts'
import type { Change, Incident } from './generated/client.ts'
import { recordTimeline } from './incidents-timeline.ts'

/** Changes this long before an incident was opened stand on its timeline: longer than it takes to detect most impacts. */
const BEFORE_MS = 2 * 3_600_000

/** Puts a change on the timelines of the incidents of its service that it came before or during; answers their ids. */
export async function recordOnIncidents(
  tx: Database,
  change: Change,
  services: readonly NamedService[],
): Promise<string[]> {
  const serviceIds = services.filter(({ names }) => names.has(change.service)).map(({ id }) => id)
  const incidents = await tx.incident.findMany({ where: besideChange(change, serviceIds), select: { id: true } })
  for (const { id } of incidents) await recordTimeline(tx, change.workspaceId, id, [draftOf(change)])
  return incidents.map(({ id }) => id)
}

/** Finds the incidents of the services that a change came shortly before or during. */
export function besideChange({ workspaceId, startedAt }: Change, serviceIds: string[]) {
  return {
    workspaceId,
    serviceId: { in: serviceIds },
    openedAt: { lte: new Date(startedAt.getTime() + BEFORE_MS) },
    OR: [{ resolvedAt: null }, { resolvedAt: { gt: startedAt } }],
  }
}

/** Puts the changes on the timeline of an incident that its service saw shortly before it was opened. */
export async function recordChangesBefore(tx: Database, incident: Incident): Promise<void> {
  const { workspaceId, serviceId, openedAt } = incident
  const services = await namedServices(tx, workspaceId)
  const names = [...(services.find(({ id }) => id === serviceId)?.names ?? [])]
  const changes = await tx.change.findMany({
    where: { workspaceId, service: { in: names }, startedAt: { gte: new Date(openedAt.getTime() - BEFORE_MS) } },
    orderBy: { startedAt: 'asc' },
    take: 100,
  })
  await recordTimeline(tx, workspaceId, incident.id, changes.map(draftOf))
}

function draftOf({ id, kind, title, author, version, environment, url, startedAt }: Change) {
  return changeHappened({ id, kind, title, author, version, environment, url, at: startedAt.getTime() })
}
