import type { Database } from './client.ts'
import type { FollowUp } from './follow-ups.ts'

/** Most that one look returns of each kind; the rest is found by the next. */
const LIMIT = 500

/**
 * Everything whose time has come by the database's clock, oldest first: what queued jobs should have done already.
 * Everything in it is harmless to do twice, so it may be enqueued beside the job that was merely slow.
 */
export async function dueWork(db: Database): Promise<FollowUp[]> {
  const [alerts, escalations, messages, unopened, undrafted] = await Promise.all([
    db.$queryRaw<{ workspaceId: string; alertId: string }[]>`
      select "workspaceId", id as "alertId" from "Alert"
      where "dueAt" <= clock_timestamp() order by "dueAt" limit ${LIMIT}`,
    db.$queryRaw<{ workspaceId: string; escalationId: string }[]>`
      select "workspaceId", id as "escalationId" from "Escalation"
      where state = 'running' and "dueAt" <= clock_timestamp() order by "dueAt" limit ${LIMIT}`,
    db.$queryRaw<{ workspaceId: string; messageId: string }[]>`
      select "workspaceId", id as "messageId" from "OutboxMessage"
      where state = 'pending' and "dueAt" <= clock_timestamp()
        and ("leaseUntil" is null or "leaseUntil" <= clock_timestamp())
      order by "dueAt" limit ${LIMIT}`,
    db.$queryRaw<{ workspaceId: string; alertId: string }[]>`
      select "workspaceId", id as "alertId" from "Alert"
      where severity = 'critical' and "incidentId" is null and "firedAt" is not null
      order by "firedAt" limit ${LIMIT}`,
    db.$queryRaw<{ workspaceId: string; incidentId: string }[]>`
      select i."workspaceId", i.id as "incidentId" from "Incident" i
      where i.state = 'resolved' and not exists (select 1 from "Review" r where r."incidentId" = i.id)
      order by i."resolvedAt" limit ${LIMIT}`,
  ])
  return [
    ...escalations.map((payload): FollowUp => ({ job: 'stepEscalation', payload, delayMs: 0 })),
    ...messages.map((payload): FollowUp => ({ job: 'deliverWebhook', payload, delayMs: 0 })),
    ...alerts.map((payload): FollowUp => ({ job: 'wakeAlert', payload, delayMs: 0 })),
    ...unopened.map((payload): FollowUp => ({ job: 'openIncident', payload, delayMs: 0 })),
    ...undrafted.map((payload): FollowUp => ({ job: 'draftReview', payload, delayMs: 0 })),
  ]
}
