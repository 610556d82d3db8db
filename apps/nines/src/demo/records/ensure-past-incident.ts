import { burnRateCondition, type BurnRateEvidence, type BurnRatePair } from '@nines/contracts'
import { newId } from '@nines/kernel'
import type { Prisma, PrismaClient } from '@nines/records'
import type { PastTrouble } from '../history/past-troubles.ts'
import type { DemoRecords } from './demo-records.ts'
import { courseOf, pastReview, pastTimeline, type PastCourse } from './past-review.ts'

/** Marks what the demonstration put into a timeline. */
const SOURCE = 'demo'
const TITLE = 'Shop checkout: orders fail after release 2026.10'
const DAY_MS = 86_400_000

/**
 * Makes the incident that belongs to an old trouble of checkout, with its alert, timeline and published review: what a
 * team looks back on. Once; an installation that has it is left alone.
 */
export async function ensurePastIncident(
  prisma: PrismaClient,
  records: DemoRecords,
  trouble: PastTrouble,
): Promise<void> {
  const { workspaceId, serviceIds } = records
  await prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select id from "Workspace" where id = ${workspaceId} for update`
    if (await tx.timelineEvent.findFirst({ where: { workspaceId, source: SOURCE } })) return
    const responder = await tx.user.findFirst({ where: { email: 'maya@shop.example' } })
    const actor = { id: responder?.id ?? null, name: responder?.name ?? 'the responder' }
    const course = courseOf(trouble)
    const { incidentCounter: number } = await tx.workspace.update({
      where: { id: workspaceId },
      data: { incidentCounter: { increment: 1 } },
    })
    const incidentId = newId('inc')
    await tx.incident.create({
      data: {
        id: incidentId,
        workspaceId,
        number,
        title: TITLE,
        severity: 'sev2',
        state: 'resolved',
        serviceId: serviceIds.checkout,
        commanderId: actor.id,
        openedAt: new Date(course.detectedAt),
        acknowledgedAt: new Date(course.acknowledgedAt),
        mitigatedAt: new Date(course.mitigatedAt),
        resolvedAt: new Date(course.resolvedAt),
      },
    })
    await insertAlert(tx, workspaceId, incidentId, course, actor.id)
    const eventIds = await insertTimeline(tx, workspaceId, incidentId, course, actor)
    await insertReview(tx, workspaceId, { incidentId, number, course, eventIds, authorId: actor.id })
  })
}

async function insertAlert(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  incidentId: string,
  course: PastCourse,
  responderId: string | null,
): Promise<void> {
  const rule = await tx.alertRule.findFirst({
    where: { workspaceId, severity: 'critical', slo: { slug: 'shop-checkout-availability' } },
  })
  if (!rule) return
  await tx.alert.create({
    data: {
      id: newId('alt'),
      workspaceId,
      ruleId: rule.id,
      state: 'resolved',
      severity: 'critical',
      summary: 'Shop checkout: Checkout takes orders burns its error budget too fast',
      verdictAt: BigInt(course.resolvedAt),
      lastVerdict: 'false',
      silencedBy: [],
      startedAt: new Date(course.detectedAt),
      firedAt: new Date(course.detectedAt),
      acknowledgedAt: new Date(course.acknowledgedAt),
      acknowledgedById: responderId,
      resolvedAt: new Date(course.resolvedAt),
      firedEvidence: pastEvidence(rule.sloId, burnRateCondition.parse(rule.condition).pairs[0], course.detectedAt),
      incidentId,
    },
  })
}

/** What the rule saw: a quarter of some five requests a second failed since the impact began, 34 s before. */
function pastEvidence(sloId: string, pair: BurnRatePair | undefined, at: number): BurnRateEvidence | undefined {
  if (pair === undefined) return undefined
  const [target, bad] = [0.999, 46]
  const burn = (windowSeconds: number) => {
    const total = Math.round(windowSeconds * 5.4)
    return { windowSeconds, good: total - bad, total, burnRate: bad / total / (1 - target) }
  }
  const seen = { ...pair, long: burn(pair.longSeconds), short: burn(pair.shortSeconds), verdict: 'true' as const }
  const about = { sloId, sloVersion: 1, target, at, budgetRemaining: 0.987, measuredUntil: at }
  return { ...about, kind: 'burn_rate', frozen: false, pairs: [seen] }
}

async function insertTimeline(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  incidentId: string,
  course: PastCourse,
  actor: { id: string | null; name: string },
): Promise<Record<string, string>> {
  const events = pastTimeline(course, actor.name).map((entry) => ({ ...entry, id: newId('tev') }))
  await tx.timelineEvent.createMany({
    data: events.map(({ id, key, kind, at, summary, byResponder }) => ({
      id,
      workspaceId,
      incidentId,
      source: SOURCE,
      sourceId: key,
      kind,
      at: new Date(at),
      recordedAt: new Date(at + 200),
      actorId: byResponder ? actor.id : null,
      actorName: byResponder ? actor.name : null,
      summary,
    })),
  })
  return Object.fromEntries(events.map(({ key, id }) => [key, id]))
}

interface ReviewParts {
  incidentId: string
  number: number
  course: PastCourse
  eventIds: Record<string, string>
  authorId: string | null
}

async function insertReview(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  { incidentId, number, course, eventIds, authorId }: ReviewParts,
): Promise<void> {
  const { summary, impact, sections } = pastReview(course, eventIds)
  const publishedAt = new Date(course.resolvedAt + 2 * DAY_MS)
  const action = { workspaceId, ownerId: authorId, createdAt: publishedAt }
  await tx.review.create({
    data: {
      id: newId('rev'),
      workspaceId,
      incidentId,
      title: `#${number} ${TITLE}`,
      state: 'published',
      summary,
      impact,
      sections,
      createdAt: new Date(course.resolvedAt),
      publishedAt,
      publishedById: authorId,
      actions: {
        create: [
          {
            ...action,
            id: newId('act'),
            title: 'Release checkout to two hosts first',
            type: 'prevent',
            state: 'in_progress',
            dueOn: new Date(course.resolvedAt + 35 * DAY_MS),
          },
          {
            ...action,
            id: newId('act'),
            title: 'Size the pool of connections per host again',
            type: 'repair',
            state: 'done',
            completedAt: new Date(course.resolvedAt + 4 * DAY_MS),
          },
        ],
      },
    },
  })
}
