import { alertBurnOf } from '@nines/alerting'
import {
  alertCondition,
  alertEvidence,
  escalationSnapshot,
  type AlertDetail,
  type AlertDto,
  type PageDto,
} from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { isRetireReason } from './alerts-retire.ts'
import type { Database } from './client.ts'
import type { Delivery, Prisma } from './generated/client.ts'
import { instantOf, instantOrNull } from './instants.ts'
import { loadUserRefs, type UserRef } from './user-refs.ts'

export interface AlertFilter {
  state: 'open' | 'resolved' | 'all'
  sloId?: string
}

const withNames = {
  rule: {
    select: {
      name: true,
      condition: true,
      slo: { select: { id: true, name: true, service: { select: { id: true, slug: true, name: true } } } },
    },
  },
} as const
type AlertRow = Prisma.AlertGetPayload<{ include: typeof withNames }>

const withPages = {
  ...withNames,
  escalation: true,
  pages: {
    orderBy: { id: 'asc' },
    include: {
      channel: { select: { id: true, name: true } },
      message: { include: { deliveries: { orderBy: { attempt: 'asc' } } } },
    },
  },
} as const
type PageRow = Prisma.AlertGetPayload<{ include: typeof withPages }>['pages'][number]

/** Alerts of a workspace, newest first: one page, from 1 on, of so many each. */
export async function listAlerts(
  db: Database,
  workspaceId: string,
  { limit, page, ...filter }: AlertFilter & { limit: number; page: number },
): Promise<AlertDto[]> {
  const rows = await db.alert.findMany({
    where: whereOf(workspaceId, filter),
    include: withNames,
    orderBy: { id: 'desc' },
    take: limit,
    skip: (page - 1) * limit,
  })
  const users = await loadActors(db, rows)
  return rows.map((row) => toAlertDto(row, users))
}

/** How many alerts there are in all, and how many of them are firing. */
export async function countAlerts(
  db: Database,
  workspaceId: string,
  filter: AlertFilter,
): Promise<{ total: number; firing: number }> {
  const rows = await db.alert.groupBy({ by: ['state'], where: whereOf(workspaceId, filter), _count: true })
  const firing = rows.find(({ state }) => state === 'firing')?._count ?? 0
  return { total: rows.reduce((sum, { _count }) => sum + _count, 0), firing }
}

function whereOf(workspaceId: string, { state, sloId }: AlertFilter): Prisma.AlertWhereInput {
  return {
    workspaceId,
    ...(state === 'open' && { state: { not: 'resolved' } }),
    ...(state === 'resolved' && { state: 'resolved' }),
    ...(sloId !== undefined && { rule: { sloId } }),
  }
}

export async function getAlert(db: Database, workspaceId: string, id: string): Promise<AlertDto> {
  const row = await db.alert.findFirst({ where: { id, workspaceId }, include: withNames })
  if (row === null) throw noSuchAlert()
  return toAlertDto(row, await loadActors(db, [row]))
}

/** An alert with what explains it: evidence, escalation, every page with every delivery attempt. */
export async function getAlertDetail(db: Database, workspaceId: string, id: string): Promise<AlertDetail> {
  const row = await db.alert.findFirst({ where: { id, workspaceId }, include: withPages })
  if (row === null) throw noSuchAlert()
  const { escalation } = row
  return {
    ...toAlertDto(row, await loadActors(db, [row])),
    evidence: alertEvidence.nullable().parse(row.evidence),
    firedEvidence: alertEvidence.nullable().parse(row.firedEvidence),
    pages: row.pages.map(toPageDto),
    escalation:
      escalation === null
        ? null
        : {
            state: escalation.state,
            policyName: escalationSnapshot.parse(escalation.snapshot).name,
            step: escalation.nextStep,
            round: escalation.round,
            nextStepAt: instantOrNull(escalation.dueAt),
          },
  }
}

/** How many alerts of each service are open. */
export async function countOpenAlerts(db: Database, workspaceId: string): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ serviceId: string; open: number }[]>`
    select s."serviceId", count(*)::int as open
    from "Alert" a join "AlertRule" r on r.id = a."ruleId" join "Slo" s on s.id = r."sloId"
    where a."workspaceId" = ${workspaceId} and a.state in ('firing', 'acknowledged')
    group by s."serviceId"`
  return new Map(rows.map(({ serviceId, open }) => [serviceId, open]))
}

export interface AlertMark {
  id: string
  severity: AlertDto['severity']
  /** Epoch ms. */
  firedAt: number
  resolvedAt: number | null
}

/** Alerts of an SLO that were firing at some time between two instants (epoch ms), oldest first. */
export async function alertsFiringBetween(
  db: Database,
  workspaceId: string,
  sloId: string,
  { from, to }: { from: number; to: number },
): Promise<AlertMark[]> {
  const rows = await db.alert.findMany({
    where: {
      workspaceId,
      rule: { sloId },
      firedAt: { lte: new Date(to) },
      OR: [{ resolvedAt: null }, { resolvedAt: { gte: new Date(from) } }],
    },
    orderBy: { firedAt: 'asc' },
    take: 1000,
  })
  return rows.flatMap(({ id, severity, firedAt, resolvedAt }) =>
    firedAt === null
      ? []
      : { id, severity, firedAt: firedAt.getTime(), resolvedAt: resolvedAt === null ? null : resolvedAt.getTime() },
  )
}

const noSuchAlert = () => new NinesError('not_found', 'there is no such alert')

async function loadActors(db: Database, rows: AlertRow[]): Promise<Map<string, UserRef>> {
  return loadUserRefs(
    db,
    rows.flatMap((row) => [row.acknowledgedById, row.resolvedById]),
  )
}

function toAlertDto(row: AlertRow, users: Map<string, UserRef>): AlertDto {
  const { slo } = row.rule
  return {
    id: row.id,
    state: row.state,
    kind: alertCondition.parse(row.rule.condition).kind,
    severity: row.severity,
    summary: row.summary,
    burn: alertBurnOf(alertEvidence.nullable().parse(row.firedEvidence ?? row.evidence)),
    service: slo.service,
    slo: { id: slo.id, name: slo.name },
    ruleId: row.ruleId,
    ruleName: row.rule.name,
    incidentId: row.incidentId,
    startedAt: instantOf(row.startedAt),
    firedAt: instantOrNull(row.firedAt),
    acknowledgedAt: instantOrNull(row.acknowledgedAt),
    acknowledgedBy: actorOf(users, row.acknowledgedById, row.acknowledgedVia),
    resolvedAt: instantOrNull(row.resolvedAt),
    resolvedBy: actorOf(users, row.resolvedById, row.resolvedVia),
    frozenSince: instantOrNull(row.frozenSince),
    silencedBy: row.silencedBy,
  }
}

/** Who did it: the person, else the way it was done (such as an API key or the evaluation itself). */
function actorOf(users: Map<string, UserRef>, userId: string | null, via: string | null): string | null {
  if (userId === null) return via
  const name = users.get(userId)?.name ?? 'former member'
  return isRetireReason(via) ? `${name}, ${via}` : name
}

function toPageDto(row: PageRow): PageDto {
  return {
    id: row.id,
    messageId: row.message?.id ?? '',
    step: row.step,
    round: row.round,
    responder: row.responderName,
    channel: row.channel,
    reason: row.reason,
    createdAt: instantOf(row.createdAt),
    deliveryState: row.message?.state ?? 'cancelled',
    nextAttemptAt: instantOrNull(row.message?.dueAt ?? null),
    deliveries: (row.message?.deliveries ?? []).map(toDeliveryDto),
  }
}

export function toDeliveryDto(row: Delivery): PageDto['deliveries'][number] {
  return {
    id: row.id,
    attempt: row.attempt,
    at: instantOf(row.startedAt),
    durationMs: row.durationMs,
    status: row.statusCode,
    error: row.error,
    succeeded: row.succeeded,
  }
}
