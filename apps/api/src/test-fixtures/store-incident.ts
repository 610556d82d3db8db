import type { PrismaClient } from '@nines/records'

interface StoredIncident {
  id: string
  workspaceId: string
  serviceId: string
  /** Of the alert that opened it. */
  ruleId: string
  title: string
  openedAt: Date
  acknowledgedAt?: Date
  resolvedAt: Date
}

/** A resolved incident with one alert, that fired when it opened. */
export async function storeIncident(prisma: PrismaClient, { ruleId, ...incident }: StoredIncident): Promise<void> {
  const { id, workspaceId, openedAt } = incident
  await prisma.incident.create({ data: { ...incident, number: 77, severity: 'sev1', state: 'resolved' } })
  const times = { startedAt: openedAt, firedAt: openedAt }
  const alert = { state: 'resolved', severity: 'critical', summary: '', verdictAt: 0n, lastVerdict: 'false' } as const
  await prisma.alert.create({ data: { id: `alt_${id}`, workspaceId, ruleId, incidentId: id, ...times, ...alert } })
}
