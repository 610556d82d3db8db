import type { ChangeDto, IncidentBesideChange } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { namedServices } from './change-services.ts'
import { besideChange } from './changes-on-incidents.ts'
import { toChangeDto } from './changes.ts'
import type { Database } from './client.ts'
import { instantOf, instantOrNull } from './instants.ts'

/** A change with what it may have to do with. */
export interface ChangeSurroundings {
  change: ChangeDto
  /** Catalogued services that are known by the name it carries. */
  serviceIds: string[]
  /** Those on whose timeline it stands, in the order in which they were opened. */
  incidents: IncidentBesideChange[]
}

const MOST_INCIDENTS = 50

/** A change and the incidents of its services that it came shortly before or during. An unknown or foreign one is `not_found`. */
export async function changeWithSurroundings(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<ChangeSurroundings> {
  const row = await db.change.findFirst({ where: { id, workspaceId } })
  if (row === null) throw new NinesError('not_found', 'there is no such change')
  const services = await namedServices(db, workspaceId)
  const serviceIds = services.filter(({ names }) => names.has(row.service)).map((service) => service.id)
  const incidents = await db.incident.findMany({
    where: besideChange(row, serviceIds),
    orderBy: { openedAt: 'asc' },
    take: MOST_INCIDENTS,
  })
  return {
    change: toChangeDto(row, services),
    serviceIds,
    incidents: incidents.map(({ id: incidentId, number, title, severity, state, openedAt, resolvedAt }) => ({
      id: incidentId,
      number,
      title,
      severity,
      state,
      openedAt: instantOf(openedAt),
      resolvedAt: instantOrNull(resolvedAt),
    })),
  }
}
