import { reviewSections } from '@nines/contracts'
import { newId } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { applyAlertEvent } from './alerts-event.ts'
import { applyVerdict } from './alerts-verdict.ts'
import { createPrisma } from './client.ts'
import { addTimelineEntry, changeIncident } from './incidents-change.ts'
import { openIncidentForAlert } from './incidents-open.ts'
import { evidenceOf, makeWorld, newSettings, type PagingWorld } from './paging.fixture.ts'
import { draftReview } from './reviews-draft.ts'
import { findReviewSubject } from './reviews-subject.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())
const settings = newSettings()
const ada = { id: 'usr_ada', name: 'Ada', via: 'web' }

/** A second critical rule on the world's SLO, fired. */
async function fireAnother(world: PagingWorld): Promise<string> {
  const first = await prisma.alertRule.findUniqueOrThrow({ where: { id: world.ruleId } })
  const ruleId = newId('rule')
  await prisma.alertRule.create({ data: { ...first, id: ruleId, condition: first.condition ?? {} } })
  const at = Date.now()
  const payload = { workspaceId: world.workspaceId, ruleId, verdict: 'true' as const, at }
  const { alertId } = await applyVerdict(prisma, { ...payload, evidence: evidenceOf(world.sloId, at) }, settings)
  return alertId ?? ''
}

async function firedIncident(world: PagingWorld) {
  const { workspaceId } = world
  const { alertId } = await world.verdict('true')
  const { incidentId } = await openIncidentForAlert(prisma, { workspaceId, alertId: alertId ?? '' })
  return {
    workspaceId,
    alertId: alertId ?? '',
    incidentId: incidentId ?? '',
    row: () => prisma.incident.findUniqueOrThrow({ where: { id: incidentId ?? '' } }),
    resolveAlert: (id = alertId ?? '') =>
      applyAlertEvent(prisma, { workspaceId, alertId: id, event: 'resolve', actor: ada }, settings),
  }
}

describe('opening', () => {
  test('fifty times at once for two alerts of a service is one incident, numbered in its workspace', async () => {
    const world = await makeWorld(prisma, settings)
    const { workspaceId } = world
    const alerts = [(await world.verdict('true')).alertId ?? '', await fireAnother(world)]
    const opened = await Promise.all(
      Array.from({ length: 50 }, (_, i) => openIncidentForAlert(prisma, { workspaceId, alertId: alerts[i % 2] ?? '' })),
    )
    expect(new Set(opened.map((o) => o.incidentId)).size).toBe(1)
    const incidents = await prisma.incident.findMany({ where: { workspaceId } })
    expect(incidents).toMatchObject([{ number: 1, severity: 'sev1', state: 'open', openKey: world.serviceId }])
    expect(await prisma.timelineEvent.count({ where: { workspaceId, kind: 'alert_fired' } })).toBe(2)
  })

  test('a warning opens none', async () => {
    const world = await makeWorld(prisma, settings, { severity: 'warning' })
    const { alertId } = await world.verdict('true')
    const { workspaceId } = world
    const outcome = await openIncidentForAlert(prisma, { workspaceId, alertId: alertId ?? '' })
    expect(outcome.incidentId).toBeNull()
  })

  test('late, for an alert that is over, it opens and resolves, and asks for the review', async () => {
    const world = await makeWorld(prisma, settings)
    const { workspaceId } = world
    const { alertId } = await world.verdict('true')
    await applyAlertEvent(prisma, { workspaceId, alertId: alertId ?? '', event: 'resolve', actor: ada }, settings)
    const outcome = await openIncidentForAlert(prisma, { workspaceId, alertId: alertId ?? '' })
    expect(outcome.followUps.map((f) => f.job)).toEqual(['draftReview'])
    const incident = await prisma.incident.findFirstOrThrow({ where: { workspaceId } })
    expect(incident).toMatchObject({ state: 'resolved', openKey: null })
  })
})

describe('resolving', () => {
  test('with the last of its alerts, not before', async () => {
    const world = await makeWorld(prisma, settings)
    const incident = await firedIncident(world)
    const second = await fireAnother(world)
    await openIncidentForAlert(prisma, { workspaceId: world.workspaceId, alertId: second })
    expect((await incident.resolveAlert()).followUps.map((f) => f.job)).not.toContain('draftReview')
    expect((await incident.row()).state).toBe('open')
    expect((await incident.resolveAlert(second)).followUps.map((f) => f.job)).toContain('draftReview')
    expect(await incident.row()).toMatchObject({ state: 'resolved', openKey: null })
  })

  test('when the last two alerts end at the same time', async () => {
    for (let i = 0; i < 5; i++) {
      const world = await makeWorld(prisma, settings)
      const incident = await firedIncident(world)
      const second = await fireAnother(world)
      await openIncidentForAlert(prisma, { workspaceId: world.workspaceId, alertId: second })
      const outcomes = await Promise.all([incident.resolveAlert(), incident.resolveAlert(second)])
      expect((await incident.row()).state).toBe('resolved')
      expect(outcomes.flatMap((o) => o.followUps).filter((f) => f.job === 'draftReview')).toHaveLength(1)
    }
  })

  test('an alert that joins while the last one ends lands in an open incident', async () => {
    for (let i = 0; i < 5; i++) {
      const world = await makeWorld(prisma, settings)
      const incident = await firedIncident(world)
      const second = await fireAnother(world)
      const join = openIncidentForAlert(prisma, { workspaceId: world.workspaceId, alertId: second })
      const [joined] = await Promise.all([join, incident.resolveAlert()])
      const home = await prisma.incident.findUniqueOrThrow({ where: { id: joined.incidentId ?? '' } })
      expect(home.state).toBe('open')
    }
  })
})

describe('people', () => {
  test('change it, and the timeline says who did', async () => {
    const incident = await firedIncident(await makeWorld(prisma, settings))
    const { workspaceId, incidentId } = incident
    const change = (fields: Parameters<typeof changeIncident>[1]['change']) =>
      changeIncident(prisma, { workspaceId, incidentId, change: fields, actor: ada })
    await change({ title: 'Checkout is down', severity: 'sev2', state: 'mitigated' })
    expect(await incident.row()).toMatchObject({ title: 'Checkout is down', severity: 'sev2', state: 'mitigated' })
    expect((await change({ state: 'resolved' })).followUps.map((f) => f.job)).toEqual(['draftReview'])
    expect((await change({ state: 'resolved' })).followUps).toEqual([])
    await expect(change({ state: 'open' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(change({ commanderId: 'usr_stranger' })).rejects.toMatchObject({ code: 'invalid' })
    const events = await prisma.timelineEvent.findMany({
      where: { incidentId, kind: 'incident_state' },
      orderBy: { at: 'asc' },
    })
    expect(events.map((e) => e.summary)).toEqual(['Incident mitigated by Ada', 'Incident resolved by Ada'])
  })

  test('write on the timeline of their own workspace only', async () => {
    const { workspaceId, incidentId } = await firedIncident(await makeWorld(prisma, settings))
    const entry = { kind: 'mitigation' as const, summary: 'Rolled back', at: 1_700_000_000_000 }
    const written = await addTimelineEntry(prisma, { workspaceId, incidentId, entry, actor: ada })
    expect(written).toMatchObject({ ...entry, actorName: 'Ada' })
    const other = await makeWorld(prisma, settings)
    const foreign = addTimelineEntry(prisma, { workspaceId: other.workspaceId, incidentId, entry, actor: ada })
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' })
  })

  test('the first acknowledgement of any of its alerts is the incident’s', async () => {
    const incident = await firedIncident(await makeWorld(prisma, settings))
    const { workspaceId, alertId } = incident
    await applyAlertEvent(prisma, { workspaceId, alertId, event: 'acknowledge', actor: ada }, settings)
    const alert = await prisma.alert.findUniqueOrThrow({ where: { id: alertId } })
    expect((await incident.row()).acknowledgedAt).toEqual(alert.acknowledgedAt)
  })
})

describe('the review', () => {
  test('is drafted once from what was recorded and measured, and left alone after', async () => {
    const world = await makeWorld(prisma, settings)
    const incident = await firedIncident(world)
    const { workspaceId, incidentId } = incident
    expect((await draftReview(prisma, incident)).reviewId).toBeNull()
    const entry = { kind: 'mitigation' as const, summary: 'Rolled back' }
    await addTimelineEntry(prisma, { workspaceId, incidentId, entry, actor: ada })
    await incident.resolveAlert()
    const subject = await findReviewSubject(prisma, incident)
    const window = { kind: 'rolling' as const, days: 30 }
    expect(subject).toMatchObject({ slo: { id: world.sloId, target: 0.999, window }, checkIds: [] })
    const sli = { kind: 'ratio', good: { metric: 'ok', matchers: [] }, total: { metric: 'all', matchers: [] } }
    expect(subject.slos).toEqual([
      { sloId: world.sloId, sloName: 'Availability', version: 1, sli, target: 0.999, window, furtherObjectives: [] },
    ])

    const impactAt = subject.openedAt - 60_000
    const spent = { units: 250_000, badEvents: 250, share: 0.25, outageSeconds: 648 }
    const budgets = [{ sloId: world.sloId, sloName: 'Availability', objective: 0, target: 0.999, window, ...spent }]
    const measured = { impactAt, budgets, checkRuns: new Map() }
    const drafts = await Promise.all(Array.from({ length: 20 }, () => draftReview(prisma, incident, measured)))
    expect(drafts.filter((d) => d.reviewId !== null)).toHaveLength(1)
    const review = await prisma.review.findUniqueOrThrow({ where: { incidentId } })
    const sections = reviewSections.parse(review.sections)
    expect(review).toMatchObject({ state: 'draft', revision: 1, title: expect.stringContaining('#1 Checkout') })
    expect(review.impact).toContain('25 % of the error budget of Availability over 30 days (250 bad events)')
    expect(sections.restoration.items.map((i) => i.description)).toEqual(['Rolled back'])
    expect(sections.detection.times).toMatchObject({ impactAt, detectedAt: subject.firedAt })
    expect(sections.defences.items.map((d) => d.kind)).toEqual(['slo', 'check', 'runbook', 'other'])
    expect(await prisma.timelineEvent.count({ where: { incidentId, kind: 'impact_started' } })).toBe(1)
  })
})
