import { webhookBody } from '@nines/contracts'
import { readAlertLink } from '@nines/delivery'
import { newId } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { applyAlertEvent } from './alerts-event.ts'
import { createPrisma } from './client.ts'
import { dueWork } from './due-work.ts'
import { stepEscalation } from './escalations-step.ts'
import { makeWorld, newSettings, type PagingWorld } from './paging.fixture.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())
const settings = newSettings()

/** Fires the world's alert and answers with its escalation. */
async function fire(world: PagingWorld) {
  const { alertId } = await world.verdict('true')
  const { id } = await prisma.escalation.findUniqueOrThrow({ where: { alertId: alertId ?? '' } })
  const { workspaceId } = world
  return {
    alertId: alertId ?? '',
    id,
    step: () => stepEscalation(prisma, { workspaceId, escalationId: id }, settings),
    makeDue: () => prisma.$executeRaw`update "Escalation" set "dueAt" = now() where id = ${id}`,
    row: () => prisma.escalation.findUniqueOrThrow({ where: { id } }),
    pages: () =>
      prisma.page.findMany({ where: { escalationId: id }, orderBy: { id: 'asc' }, include: { message: true } }),
    timeline: async () =>
      (
        await prisma.timelineEvent.findMany({
          where: { incident: { alerts: { some: { id: alertId ?? '' } } } },
          orderBy: [{ at: 'asc' }, { id: 'asc' }],
        })
      ).map((e) => e.summary),
  }
}

describe('a step', () => {
  test('pages, writes the message and the timeline, and sets the next due time', async () => {
    const world = await makeWorld(prisma, settings)
    const escalation = await fire(world)
    const outcome = await escalation.step()
    expect(outcome.result).toBe('paged')
    expect(outcome.followUps.map((f) => f.job)).toEqual(['deliverWebhook', 'stepEscalation'])
    expect(outcome.followUps[1]?.delayMs).toBe(60_000)
    const [page] = await escalation.pages()
    expect(page).toMatchObject({ step: 0, round: 0, responderId: null, reason: 'Named by the step.' })
    expect(page?.message).toMatchObject({ state: 'pending', attempts: 0, eventType: 'page.created' })
    expect(await escalation.row()).toMatchObject({ state: 'running', nextStep: 0, round: 1 })
    expect(await escalation.timeline()).toEqual([
      expect.stringContaining('Incident #1 opened as SEV 1'),
      expect.stringContaining('Checkout: Availability burns'),
      'Paged a channel through Ops (step 1)',
    ])
  })

  test('the message carries the alert, the incident and a link that acts on it', async () => {
    const world = await makeWorld(prisma, settings)
    const escalation = await fire(world)
    await escalation.step()
    const [page] = await escalation.pages()
    const { data } = webhookBody.parse(JSON.parse(page?.message?.body ?? ''))
    expect(data.alert).toMatchObject({
      id: escalation.alertId,
      state: 'firing',
      slo: { target: 0.999, budgetRemaining: 0.8 },
    })
    const base = `http://nines.test/w/${data.workspace}`
    expect(data.links?.alert).toBe(`${base}/alerts/${escalation.alertId}`)
    expect(data.incident).toMatchObject({ number: 1, url: `${base}/incidents/${data.incident?.id}` })
    const token = data.links?.act.split('#')[1] ?? ''
    expect(readAlertLink(token, Date.now(), settings.secretKey)).toMatchObject({
      alertId: escalation.alertId,
      workspaceId: world.workspaceId,
    })
  })

  test('run by a hundred at once pages once', async () => {
    const world = await makeWorld(prisma, settings)
    const escalation = await fire(world)
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => escalation.step()))
    expect(outcomes.filter((o) => o.result === 'paged')).toHaveLength(1)
    expect(await escalation.pages()).toHaveLength(1)
    expect(await prisma.incident.count({ where: { workspaceId: world.workspaceId } })).toBe(1)
  })

  test('racing an acknowledgement pages before it or not at all', async () => {
    for (let i = 0; i < 10; i++) {
      const world = await makeWorld(prisma, settings)
      const escalation = await fire(world)
      const acknowledge = () =>
        applyAlertEvent(
          prisma,
          { workspaceId: world.workspaceId, alertId: escalation.alertId, event: 'acknowledge' },
          settings,
        )
      await Promise.all(i % 2 ? [acknowledge(), escalation.step()] : [escalation.step(), acknowledge()])
      expect((await escalation.row()).state).toBe('stopped')
      for (const page of await escalation.pages()) expect(page.message?.state).toBe('cancelled')
    }
  })

  test('does nothing before its time', async () => {
    const escalation = await fire(await makeWorld(prisma, settings))
    await escalation.step()
    expect(await escalation.step()).toMatchObject({ result: 'not_due', followUps: [] })
    expect(await escalation.pages()).toHaveLength(1)
  })
})

describe('the walk', () => {
  test('goes through steps and rounds and ends exhausted', async () => {
    const world = await makeWorld(prisma, settings, {
      repeatCount: 1,
      steps: ({ users, channelId }) => [
        { delaySeconds: 30, targets: [{ kind: 'user', userId: users[0] ?? '' }] },
        { delaySeconds: 60, targets: [{ kind: 'channel', channelId }] },
      ],
    })
    const escalation = await fire(world)
    const results: string[] = []
    for (let i = 0; i < 5; i++) {
      results.push((await escalation.step()).result)
      await escalation.makeDue()
    }
    expect(results).toEqual(['paged', 'paged', 'paged', 'paged', 'exhausted'])
    expect((await escalation.pages()).map((p) => [p.round, p.step, p.responderName])).toEqual([
      [0, 0, 'Ada'],
      [0, 1, null],
      [1, 0, 'Ada'],
      [1, 1, null],
    ])
    expect(await escalation.row()).toMatchObject({ state: 'exhausted' })
    expect((await escalation.timeline()).at(-1)).toBe('Policy Default is exhausted: nobody acknowledged')
  })

  test('skips a step that reaches nobody, at once, and says why', async () => {
    const world = await makeWorld(prisma, settings, {
      steps: ({ channelId }) => [
        { delaySeconds: 30, targets: [{ kind: 'user', userId: 'usr_gone' }] },
        { delaySeconds: 60, targets: [{ kind: 'channel', channelId }] },
      ],
    })
    const escalation = await fire(world)
    expect((await escalation.step()).result).toBe('paged')
    expect((await escalation.pages()).map((p) => p.step)).toEqual([1])
    expect(await escalation.timeline()).toContain('Nobody paged by step 1: a former member is named by the step')
  })

  test('an edited policy does not change a walk under way', async () => {
    const world = await makeWorld(prisma, settings)
    const escalation = await fire(world)
    await prisma.escalationStep.deleteMany({ where: { policyId: world.policyId } })
    expect((await escalation.step()).result).toBe('paged')
  })

  test('is in the due work until it was done', async () => {
    const world = await makeWorld(prisma, settings)
    const escalation = await fire(world)
    const mine = async () =>
      (await dueWork(prisma)).filter((f) => f.payload.workspaceId === world.workspaceId).map((f) => f.job)
    expect(await mine()).toEqual(['stepEscalation', 'openIncident'])
    await escalation.step()
    expect(await mine()).toEqual(['deliverWebhook'])
  })
})

describe('whom it reaches', () => {
  const scheduleStep = async (world: PagingWorld, rotation: object) => {
    const id = newId('sch')
    await prisma.schedule.create({ data: { id, workspaceId: world.workspaceId, name: 'Primary', rotation } })
    const targets = [{ kind: 'schedule', scheduleId: id }]
    await prisma.escalationStep.updateMany({ where: { policyId: world.policyId }, data: { targets } })
    return id
  }
  const rotationOf = (participants: string[]) => ({
    timeZone: 'Europe/Berlin',
    handoffWeekday: 1,
    handoffTime: '09:00',
    startsOn: '2026-01-05',
    participants,
  })

  test('whoever is on call, through their own channel, and their stand-in during an override', async () => {
    const world = await makeWorld(prisma, settings)
    const [ada = '', ben = ''] = world.users
    const scheduleId = await scheduleStep(world, rotationOf([ada]))
    const own = {
      id: newId('chn'),
      workspaceId: world.workspaceId,
      name: 'Ada phone',
      url: 'http://x.test',
      secretSealed: 'x',
    }
    await prisma.channel.create({ data: { ...own, userId: ada } })
    const escalation = await fire(world)
    await escalation.step()
    const [first] = await escalation.pages()
    expect(first).toMatchObject({ responderName: 'Ada', channelId: own.id })
    expect(first?.reason).toMatch(
      /^On call in Primary by rotation until \d+ \w+ \d{4}, 09:00 CES?T\. Sent to their own channel\.$/,
    )

    const span = { startsAt: new Date(Date.now() - 1000), endsAt: new Date(Date.now() + 60_000) }
    await prisma.scheduleOverride.create({
      data: { id: newId('ovr'), workspaceId: world.workspaceId, scheduleId, userId: ben, ...span },
    })
    await prisma.escalation.update({ where: { id: escalation.id }, data: { round: 0, nextStep: 0 } })
    await escalation.makeDue()
    await escalation.step()
    const second = (await escalation.pages()).at(-1)
    expect(second).toMatchObject({ responderName: 'Ben', channelId: world.channelId })
    expect(second?.reason).toMatch(/^On call in Primary as a stand-in until .*\. Sent to the default channel: /)
  })

  test('nobody without any channel: recorded, and tried again a minute later', async () => {
    const world = await makeWorld(prisma, settings, { repeatCount: 1 })
    await scheduleStep(world, rotationOf([world.users[0] ?? '']))
    await prisma.channel.update({ where: { id: world.channelId }, data: { disabledAt: new Date() } })
    const escalation = await fire(world)
    const outcome = await escalation.step()
    expect(outcome.result).toBe('waiting')
    expect(outcome.followUps).toMatchObject([{ job: 'stepEscalation', delayMs: 60_000 }])
    expect(await escalation.timeline()).toContain(
      'Nobody paged by step 1: Ada has no enabled channel and the workspace has no default one',
    )
  })

  test('the others of a step when a schedule in it cannot be read', async () => {
    const world = await makeWorld(prisma, settings)
    const scheduleId = await scheduleStep(world, { ...rotationOf([world.users[0] ?? '']), timeZone: '+01:00' })
    const targets = [
      { kind: 'schedule', scheduleId },
      { kind: 'channel', channelId: world.channelId },
    ]
    await prisma.escalationStep.updateMany({ where: { policyId: world.policyId }, data: { targets } })
    const escalation = await fire(world)
    expect((await escalation.step()).result).toBe('paged')
    expect((await escalation.pages()).map((p) => p.channelId)).toEqual([world.channelId])
    expect(await escalation.timeline()).toContain(
      'Not reached by step 1: the rotation of Primary cannot be read: +01:00 is not an IANA time zone',
    )
  })

  test('nobody without a policy: the timeline says so', async () => {
    const world = await makeWorld(prisma, settings, { policy: false })
    const { alertId } = await world.verdict('true')
    const { openIncidentForAlert } = await import('./incidents-open.ts')
    const { incidentId } = await openIncidentForAlert(prisma, {
      workspaceId: world.workspaceId,
      alertId: alertId ?? '',
    })
    const summaries = await prisma.timelineEvent.findMany({ where: { incidentId: incidentId ?? '' } })
    expect(summaries.map((e) => e.summary)).toContain(
      'Nobody was paged: neither the rule nor the service has an escalation policy',
    )
  })
})

describe('silences', () => {
  test('hold pages back, say so, and let them go when they end; the alert itself goes on', async () => {
    const world = await makeWorld(prisma, settings)
    const silence = await prisma.silence.create({
      data: {
        id: newId('sil'),
        workspaceId: world.workspaceId,
        serviceId: world.serviceId,
        startsAt: new Date(Date.now() - 1000),
        endsAt: new Date(Date.now() + 3600_000),
        comment: 'planned work',
      },
    })
    const escalation = await fire(world)
    const outcome = await escalation.step()
    expect(outcome).toMatchObject({ result: 'silenced', followUps: [{ delayMs: 15_000 }] })
    expect(await escalation.pages()).toEqual([])
    const alert = await prisma.alert.findUniqueOrThrow({ where: { id: escalation.alertId } })
    expect(alert).toMatchObject({ state: 'firing', silencedBy: [silence.id] })
    expect((await escalation.timeline()).at(-1)).toMatch(
      /^Pages are held back by a silence until \d.* UTC: planned work$/,
    )

    await prisma.silence.update({ where: { id: silence.id }, data: { endsAt: new Date() } })
    await escalation.makeDue()
    expect((await escalation.step()).result).toBe('paged')
  })
})
