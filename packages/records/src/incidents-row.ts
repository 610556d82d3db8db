import type { IncidentMachine } from '@nines/incidents'
import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { Incident, Prisma } from './generated/client.ts'
import { dateOrNull, msOrNull } from './locked-transaction.ts'

/** Locks an incident and reads it. A foreign or unknown id is `not_found`. */
export async function lockIncident(tx: Database, workspaceId: string, incidentId: string): Promise<Incident> {
  await tx.$queryRaw`
    select id from "Incident" where id = ${incidentId} and "workspaceId" = ${workspaceId} for no key update`
  const row = await tx.incident.findFirst({ where: { id: incidentId, workspaceId } })
  if (row === null) throw new NinesError('not_found', 'there is no such incident')
  return row
}

export function incidentMachineOf(row: Incident): IncidentMachine {
  return {
    state: row.state,
    acknowledgedAt: msOrNull(row.acknowledgedAt),
    mitigatedAt: msOrNull(row.mitigatedAt),
    resolvedAt: msOrNull(row.resolvedAt),
  }
}

export function incidentColumnsOf(machine: IncidentMachine, serviceId: string) {
  return {
    state: machine.state,
    acknowledgedAt: dateOrNull(machine.acknowledgedAt),
    mitigatedAt: dateOrNull(machine.mitigatedAt),
    resolvedAt: dateOrNull(machine.resolvedAt),
    openKey: machine.state === 'resolved' ? null : serviceId,
    version: { increment: 1 },
  } satisfies Prisma.IncidentUncheckedUpdateInput
}
