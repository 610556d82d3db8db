import { matchingSilences } from '@nines/alerting'
import type { AlertContext } from './alerts-row.ts'
import type { Database } from './client.ts'

export interface ActiveSilence {
  id: string
  serviceId: string | null
  sloId: string | null
  startsAt: number
  endsAt: number
  comment: string
}

/** Silences that keep an alert from paging now, the one that ends last first. */
export async function activeSilences(tx: Database, alert: AlertContext, now: number): Promise<ActiveSilence[]> {
  const at = new Date(now)
  const rows = await tx.silence.findMany({
    where: { workspaceId: alert.workspaceId, startsAt: { lte: at }, endsAt: { gt: at } },
  })
  const silences = rows.map((row) => ({
    id: row.id,
    serviceId: row.serviceId,
    sloId: row.sloId,
    startsAt: row.startsAt.getTime(),
    endsAt: row.endsAt.getTime(),
    comment: row.comment,
  }))
  return matchingSilences(silences, { serviceId: alert.rule.slo.serviceId, sloId: alert.rule.sloId }, now)
}
