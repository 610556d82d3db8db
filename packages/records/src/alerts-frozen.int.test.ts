import type { AbsenceEvidence } from '@nines/contracts'
import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { applyAlertEvent } from './alerts-event.ts'
import { applyVerdict } from './alerts-verdict.ts'
import { getAlert, getAlertDetail } from './alert-views.ts'
import { createPrisma } from './client.ts'
import { openIncidentForAlert } from './incidents-open.ts'
import { makeWorld, newSettings } from './paging.fixture.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())
const settings = newSettings()

describe('an alert whose data stopped', () => {
  test('is frozen since then, stays open whatever its timer says, and thaws when data comes back', async () => {
    const world = await makeWorld(prisma, settings, { condition: { resolveAfterSeconds: 60 } })
    const { workspaceId } = world
    const at = Date.now() - 10_000
    const alertId = (await world.verdict('true', at)).alertId ?? ''
    await world.verdict('false', at + 1)
    const frozen = await world.verdict('no_data', at + 2)
    expect(frozen.changes).toEqual([{ type: 'alert.changed', id: alertId }])
    const { frozenSince } = await getAlert(prisma, workspaceId, alertId)
    expect(Date.parse(frozenSince ?? '')).toBeGreaterThan(at)

    await prisma.$executeRaw`update "Alert" set "dueAt" = now() - interval '1 h' where id = ${alertId}`
    const timer = { workspaceId, alertId, event: 'timer' as const }
    expect(await applyAlertEvent(prisma, timer, settings)).toMatchObject({ state: 'firing' })
    await world.verdict('no_data', at + 3)
    expect((await getAlert(prisma, workspaceId, alertId)).frozenSince).toBe(frozenSince)

    expect((await world.verdict('holding', at + 4)).effects).toEqual([{ kind: 'thawed' }])
    expect(await getAlert(prisma, workspaceId, alertId)).toMatchObject({ state: 'firing', frozenSince: null })
  })

  test('may still be resolved by hand, and is frozen no more', async () => {
    const world = await makeWorld(prisma, settings)
    const { workspaceId } = world
    const alertId = (await world.verdict('true', Date.now() - 1000)).alertId ?? ''
    await world.verdict('no_data', Date.now() - 500)
    await applyAlertEvent(prisma, { workspaceId, alertId, event: 'resolve' }, settings)
    expect(await getAlert(prisma, workspaceId, alertId)).toMatchObject({ state: 'resolved', frozenSince: null })
  })
})

test('a silence rule pages under a title of its own and resolves once measurements kept coming', async () => {
  const world = await makeWorld(prisma, settings)
  const { workspaceId, ruleId, sloId } = world
  const condition = { kind: 'absence', unmeasuredSeconds: 900, resolveAfterSeconds: 0 }
  await prisma.alertRule.update({ where: { id: ruleId }, data: { name: 'silence', condition } })
  const at = Date.now() - 10_000
  const evidence: AbsenceEvidence = {
    kind: 'absence',
    sloId,
    sloVersion: 1,
    target: 0.999,
    at,
    budgetRemaining: 0.8,
    measuredUntil: at - 900_000,
    unmeasuredSeconds: 900,
    heardUntil: at,
  }
  const says = (verdict: 'true' | 'false', offset: number) =>
    applyVerdict(prisma, { workspaceId, ruleId, verdict, at: at + offset, evidence }, settings)
  const fired = await says('true', 0)
  expect(fired.followUps.map((followUp) => followUp.job)).toEqual(['stepEscalation', 'openIncident'])
  const alertId = fired.alertId ?? ''
  expect(await getAlertDetail(prisma, workspaceId, alertId)).toMatchObject({
    kind: 'absence',
    state: 'firing',
    burn: null,
    summary: 'Checkout: Availability is not measured: nothing arrived for 15 min',
    firedEvidence: evidence,
  })
  const { incidentId } = await openIncidentForAlert(prisma, { workspaceId, alertId })
  const incident = await prisma.incident.findUniqueOrThrow({ where: { id: incidentId ?? '' } })
  expect(incident.title).toBe('Checkout: Availability is not measured')
  await says('false', 1)
  expect((await getAlertDetail(prisma, workspaceId, alertId)).state).toBe('resolved')
})
