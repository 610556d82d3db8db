import type { AlertRuleDto } from '@nines/contracts'
import { newId } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { updateAlertRule } from './alert-rules.ts'
import { applyAlertEvent } from './alerts-event.ts'
import { getAlert } from './alert-views.ts'
import { createPrisma } from './client.ts'
import { dueWork } from './due-work.ts'
import { stepEscalation } from './escalations-step.ts'
import { claimMessage } from './outbox-claim.ts'
import { makeWorld, newSettings, type PagingWorld, type WorldOptions } from './paging.fixture.ts'
import { archiveSlo, getSlo } from './slos.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())
const settings = newSettings()
const actor = { id: null, name: 'Ada', via: 'web' }

const ways = {
  'disabling its rule': async (world: PagingWorld) => {
    const { workspaceId, sloId, ruleId } = world
    const [rule] = (await getSlo(prisma, workspaceId, sloId)).rules
    const { id: _id, ...input } = rule as AlertRuleDto
    await updateAlertRule(prisma, workspaceId, ruleId, { ...input, enabled: false }, { actor, settings })
  },
  'archiving its SLO': async ({ workspaceId, sloId }: PagingWorld) => {
    await archiveSlo(prisma, workspaceId, sloId, { actor, settings })
  },
}

/** A fired alert whose first page is being sent. */
async function paged(options: WorldOptions = {}) {
  const world = await makeWorld(prisma, settings, options)
  const { workspaceId } = world
  const { alertId } = await world.verdict('true', Date.now() - 1000)
  const { id: escalationId } = await prisma.escalation.findUniqueOrThrow({ where: { alertId: alertId ?? '' } })
  await stepEscalation(prisma, { workspaceId, escalationId }, settings)
  const { id: messageId } = await prisma.outboxMessage.findFirstOrThrow({ where: { workspaceId } })
  return { world, workspaceId, alertId: alertId ?? '', escalationId, messageId }
}

describe.each(Object.entries(ways))('%s', (reason, retire) => {
  test('resolves the open alert, stops its escalation, tells whom it paged, settles the incident', async () => {
    const { world, workspaceId, alertId, escalationId, messageId } = await paged()
    await claimMessage(prisma, { workspaceId, messageId }, settings)
    await retire(world)
    expect(await getAlert(prisma, workspaceId, alertId)).toMatchObject({ state: 'resolved', resolvedBy: reason })
    expect(await prisma.escalation.findUniqueOrThrow({ where: { id: escalationId } })).toMatchObject({
      state: 'stopped',
      dueAt: null,
    })
    const messages = await prisma.outboxMessage.findMany({ where: { workspaceId }, orderBy: { id: 'asc' } })
    expect(messages.map((m) => [m.eventType, m.state])).toEqual([
      ['page.created', 'cancelled'],
      ['alert.resolved', 'pending'],
    ])
    const incident = await prisma.incident.findFirstOrThrow({ where: { workspaceId }, include: { timeline: true } })
    expect(incident.state).toBe('resolved')
    expect(incident.timeline.map((e) => e.summary)).toContain(`Resolved by ${reason} (Ada)`)
  })

  test('withdraws an alert that is pending: its timer fires nothing', async () => {
    const world = await makeWorld(prisma, settings, { condition: { forSeconds: 1 } })
    const { alertId } = await world.verdict('true', Date.now() - 1000)
    await retire(world)
    await prisma.$executeRaw`update "Alert" set "startedAt" = now() - interval '1 h' where id = ${alertId}`
    const timer = { workspaceId: world.workspaceId, alertId: alertId ?? '', event: 'timer' as const }
    expect(await applyAlertEvent(prisma, timer, settings)).toMatchObject({ changed: false, state: 'resolved' })
    const due = (await dueWork(prisma)).filter((f) => f.payload.workspaceId === world.workspaceId)
    expect(due).toEqual([])
  })

  test('leaves nothing open when verdicts race it', async () => {
    for (let i = 0; i < 5; i++) {
      const world = await makeWorld(prisma, settings)
      const at = Date.now() - 1000
      const verdicts = [1, 2, 3, 4].map((n) => world.verdict('true', at + n))
      await Promise.all([...verdicts, retire(world)])
      await world.verdict('true', at + 5)
      expect(await prisma.alert.count({ where: { ruleId: world.ruleId, openKey: { not: null } } })).toBe(0)
      expect(await prisma.escalation.count({ where: { workspaceId: world.workspaceId, state: 'running' } })).toBe(0)
    }
  })
})

test('a rule that is enabled again opens an alert at once when its condition still holds', async () => {
  const { world, workspaceId, alertId } = await paged()
  await ways['disabling its rule'](world)
  await prisma.alertRule.update({ where: { id: world.ruleId }, data: { enabled: true } })
  const again = await world.verdict('true')
  expect(again.effects.map((effect) => effect.kind)).toEqual(['opened', 'fired'])
  expect(again.alertId).not.toBe(alertId)
  expect(await prisma.alert.count({ where: { workspaceId } })).toBe(2)
})

test('alerts of other rules and other workspaces stay', async () => {
  const [one, other] = [await paged(), await paged()]
  const { rules } = await getSlo(prisma, one.workspaceId, one.world.sloId)
  const spare = await prisma.alertRule.create({
    data: { ...(rules[0] as AlertRuleDto), id: newId('rule'), workspaceId: one.workspaceId, sloId: one.world.sloId },
  })
  const { id, name, severity, condition } = { ...(rules[0] as AlertRuleDto), id: spare.id }
  const input = { name, severity, condition, enabled: false, escalationPolicyId: null }
  await updateAlertRule(prisma, one.workspaceId, id, input, { actor, settings })
  const foreign = updateAlertRule(prisma, other.workspaceId, id, input, { actor, settings })
  await expect(foreign).rejects.toMatchObject({ code: 'not_found' })
  await expect(archiveSlo(prisma, other.workspaceId, one.world.sloId, { actor, settings })).rejects.toMatchObject({
    code: 'not_found',
  })
  for (const { workspaceId, alertId } of [one, other])
    expect((await getAlert(prisma, workspaceId, alertId)).state).toBe('firing')
})
