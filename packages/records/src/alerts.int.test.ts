import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { applyAlertEvent } from './alerts-event.ts'
import { createPrisma } from './client.ts'
import { openIncidentForAlert } from './incidents-open.ts'
import { makeWorld, newSettings } from './paging.fixture.ts'
import { stepEscalation } from './escalations-step.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())
const settings = newSettings()

const alertsOf = (ruleId: string) => prisma.alert.findMany({ where: { ruleId }, orderBy: { startedAt: 'asc' } })
const times = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)))

describe('verdicts', () => {
  test('a true one opens and fires, and asks for the page and the incident', async () => {
    const world = await makeWorld(prisma, settings)
    const at = Date.now()
    const outcome = await world.verdict('true', at)
    const [alert] = await alertsOf(world.ruleId)
    expect(alert).toMatchObject({ id: outcome.alertId, state: 'firing', openKey: world.ruleId, severity: 'critical' })
    expect(alert?.summary).toContain('Checkout: Availability burns its error budget too fast (20x over 1 h')
    expect(alert?.firedEvidence).toMatchObject({ at })
    const escalation = await prisma.escalation.findUniqueOrThrow({ where: { alertId: outcome.alertId ?? '' } })
    expect(escalation).toMatchObject({ state: 'running', nextStep: 0, round: 0 })
    expect(outcome.followUps.map((f) => f.job)).toEqual(['stepEscalation', 'openIncident'])
    expect(outcome.changes).toEqual([{ type: 'alert.changed', id: outcome.alertId }])
  })

  test('a hundred at once open one alert', async () => {
    const world = await makeWorld(prisma, settings)
    const at = Date.now()
    const outcomes = await times(100, (i) => world.verdict('true', at + i))
    expect(await alertsOf(world.ruleId)).toHaveLength(1)
    expect(outcomes.filter((o) => o.effects.some((e) => e.kind === 'fired'))).toHaveLength(1)
    expect(await prisma.escalation.count({ where: { workspaceId: world.workspaceId } })).toBe(1)
  })

  test('an older one changes nothing, also not one that was overtaken by a resolution', async () => {
    const world = await makeWorld(prisma, settings)
    const at = Date.now() - 10_000
    await world.verdict('true', at)
    await world.verdict('false', at + 2)
    const late = await world.verdict('true', at + 1)
    expect(late.effects).toEqual([{ kind: 'ignored', reason: 'stale_verdict' }])
    expect((await alertsOf(world.ruleId)).map((a) => a.state)).toEqual(['resolved'])
  })

  test('true again after a resolution is a new alert', async () => {
    const world = await makeWorld(prisma, settings)
    const at = Date.now() - 10_000
    for (const [i, verdict] of (['true', 'false', 'true'] as const).entries()) await world.verdict(verdict, at + i)
    expect((await alertsOf(world.ruleId)).map((a) => [a.state, a.openKey])).toEqual([
      ['resolved', null],
      ['firing', world.ruleId],
    ])
  })

  test('a warning fires, is shown and pages nobody', async () => {
    const world = await makeWorld(prisma, settings, { severity: 'warning' })
    const outcome = await world.verdict('true')
    expect((await alertsOf(world.ruleId))[0]?.state).toBe('firing')
    expect(outcome.followUps).toEqual([])
    expect(await prisma.escalation.count({ where: { workspaceId: world.workspaceId } })).toBe(0)
  })

  test('a disabled rule and an archived SLO open nothing; what is open still resolves', async () => {
    const world = await makeWorld(prisma, settings)
    const at = Date.now() - 10_000
    await prisma.alertRule.update({ where: { id: world.ruleId }, data: { enabled: false } })
    await world.verdict('true', at)
    expect(await alertsOf(world.ruleId)).toEqual([])
    await prisma.alertRule.update({ where: { id: world.ruleId }, data: { enabled: true } })
    await world.verdict('true', at + 1)
    await prisma.slo.update({ where: { id: world.sloId }, data: { archivedAt: new Date() } })
    await world.verdict('false', at + 2)
    await world.verdict('true', at + 3)
    expect((await alertsOf(world.ruleId)).map((a) => a.state)).toEqual(['resolved'])
  })

  test('a rule of another workspace is unknown', async () => {
    const [world, other] = [await makeWorld(prisma, settings), await makeWorld(prisma, settings)]
    await prisma.alertRule.update({ where: { id: world.ruleId }, data: { workspaceId: other.workspaceId } })
    expect(await world.verdict('true')).toMatchObject({ alertId: null, followUps: [] })
  })
})

describe('timers', () => {
  test('a pending alert fires when its time has come by the database clock, and not before', async () => {
    const world = await makeWorld(prisma, settings, { condition: { forSeconds: 30 } })
    const { alertId, followUps } = await world.verdict('true')
    const input = { workspaceId: world.workspaceId, alertId: alertId ?? '', event: 'timer' as const }
    expect(followUps.map((f) => f.job)).toEqual(['wakeAlert'])
    expect(followUps[0]?.delayMs).toBeGreaterThan(29_000)
    expect(await applyAlertEvent(prisma, input, settings)).toMatchObject({ changed: false, state: 'pending' })
    await prisma.$executeRaw`update "Alert" set "startedAt" = now() - interval '31 s', "dueAt" = now() where id = ${alertId}`
    const outcomes = await times(20, () => applyAlertEvent(prisma, input, settings))
    expect(outcomes.filter((o) => o.changed)).toHaveLength(1)
    expect((await alertsOf(world.ruleId))[0]).toMatchObject({ state: 'firing', firedEvidence: { target: 0.999 } })
  })

  test('a firing alert resolves when it was clear long enough', async () => {
    const world = await makeWorld(prisma, settings, { condition: { resolveAfterSeconds: 60 } })
    const at = Date.now() - 10_000
    const { alertId } = await world.verdict('true', at)
    expect((await world.verdict('false', at + 1)).followUps.map((f) => f.job)).toEqual(['wakeAlert'])
    await prisma.$executeRaw`
      update "Alert" set "falseSince" = now() - interval '61 s', "dueAt" = now() where id = ${alertId}`
    const input = { workspaceId: world.workspaceId, alertId: alertId ?? '', event: 'timer' as const }
    expect(await applyAlertEvent(prisma, input, settings)).toMatchObject({ changed: true, state: 'resolved' })
  })
})

describe('people', () => {
  const ada = { id: 'usr_ada', name: 'Ada', via: 'web' }

  test('a hundred acknowledgements at once are one', async () => {
    const world = await makeWorld(prisma, settings)
    const { alertId } = await world.verdict('true')
    await openIncidentForAlert(prisma, { workspaceId: world.workspaceId, alertId: alertId ?? '' })
    const input = { workspaceId: world.workspaceId, alertId: alertId ?? '', event: 'acknowledge' as const, actor: ada }
    const outcomes = await times(100, () => applyAlertEvent(prisma, input, settings))
    expect(outcomes.filter((o) => o.changed)).toHaveLength(1)
    expect(outcomes.every((o) => o.state === 'acknowledged')).toBe(true)
    const [alert] = await alertsOf(world.ruleId)
    expect(alert).toMatchObject({ acknowledgedById: 'usr_ada', acknowledgedVia: 'web' })
    expect(
      await prisma.timelineEvent.count({ where: { kind: 'alert_acknowledged', incidentId: alert?.incidentId ?? '' } }),
    ).toBe(1)
    const escalation = await prisma.escalation.findUniqueOrThrow({ where: { alertId: alertId ?? '' } })
    expect(escalation).toMatchObject({ state: 'stopped', dueAt: null })
  })

  test('acknowledging withdraws pages that are not sent yet', async () => {
    const world = await makeWorld(prisma, settings)
    const { alertId } = await world.verdict('true')
    const { id: escalationId } = await prisma.escalation.findUniqueOrThrow({ where: { alertId: alertId ?? '' } })
    await stepEscalation(prisma, { workspaceId: world.workspaceId, escalationId }, settings)
    const input = { workspaceId: world.workspaceId, alertId: alertId ?? '', event: 'acknowledge' as const, actor: ada }
    await applyAlertEvent(prisma, input, settings)
    const messages = await prisma.outboxMessage.findMany({ where: { workspaceId: world.workspaceId } })
    expect(messages.map((m) => [m.state, m.dueAt])).toEqual([['cancelled', null]])
  })

  test('acknowledgement and resolution race to one end, whoever is first', async () => {
    const world = await makeWorld(prisma, settings)
    const { alertId } = await world.verdict('true')
    const input = { workspaceId: world.workspaceId, alertId: alertId ?? '', actor: ada }
    await times(40, (i) => applyAlertEvent(prisma, { ...input, event: i % 2 ? 'resolve' : 'acknowledge' }, settings))
    const [alert] = await alertsOf(world.ruleId)
    expect(alert).toMatchObject({ state: 'resolved', openKey: null, resolvedById: 'usr_ada' })
    const late = await applyAlertEvent(prisma, { ...input, event: 'acknowledge' }, settings)
    expect(late).toMatchObject({ changed: false, effects: [{ kind: 'ignored', reason: 'already_resolved' }] })
  })

  test('an alert of another workspace is not found', async () => {
    const [world, other] = [await makeWorld(prisma, settings), await makeWorld(prisma, settings)]
    const { alertId } = await world.verdict('true')
    const input = { workspaceId: other.workspaceId, alertId: alertId ?? '', event: 'acknowledge' as const }
    await expect(applyAlertEvent(prisma, input, settings)).rejects.toMatchObject({ code: 'not_found' })
  })
})
