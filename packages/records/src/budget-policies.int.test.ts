import { webhookBody, type AdvanceBudgetPayload, type BudgetStep } from '@nines/contracts'
import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { applyBudgetReading } from './budget-advance.ts'
import { loadBudgetWatches, setSloBudgetPolicy } from './budget-attachments.ts'
import { listBudgetEvents } from './budget-events.ts'
import {
  createBudgetPolicy,
  deleteBudgetPolicy,
  getBudgetPolicy,
  updateBudgetPolicy,
  type BudgetPolicyInput,
} from './budget-policies.ts'
import { listBudgetPolicyChanges } from './budget-policy-changes.ts'
import { deleteChannel } from './channels.ts'
import { createPrisma } from './client.ts'
import { openIncidentForAlert } from './incidents-open.ts'
import { makeWorld, newSettings, type PagingWorld } from './paging.fixture.ts'
import { archiveSlo } from './slos.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())
const settings = newSettings()
const change = { actor: { id: null, name: 'Ada', via: 'web' }, settings }

/** A quarter: notify and note; nothing: a ticket and a freeze. */
const stepsOf = ({ channelId }: PagingWorld): BudgetStep[] => [
  { budgetLeftBelow: 0, actions: [{ kind: 'ticket', channelId }, { kind: 'freeze' }] },
  {
    budgetLeftBelow: 0.25,
    actions: [
      { kind: 'notify', channelId },
      { kind: 'note', text: 'Talk about it.' },
    ],
  },
]

async function withPolicy(over: Partial<BudgetPolicyInput> = {}) {
  const world = await makeWorld(prisma, settings)
  const { workspaceId, sloId } = world
  const input = (more: Partial<BudgetPolicyInput> = {}): BudgetPolicyInput => ({
    name: 'Shop',
    description: 'As agreed.',
    steps: stepsOf(world),
    margin: 0.05,
    onUnknown: 'allow',
    slos: [{ id: sloId, objective: 0 }],
    ...over,
    ...more,
  })
  const { id } = await createBudgetPolicy(prisma, workspaceId, input(), change)
  let lastAt = Date.now()
  const reading = (budgetRemaining: number | null, given: Partial<AdvanceBudgetPayload> = {}): AdvanceBudgetPayload => {
    const at = (lastAt = Math.max(Date.now(), lastAt + 1))
    const span = { target: 0.999, window: { kind: 'rolling' as const, days: 30 }, from: at - 1, to: at }
    const objectives = [{ objective: 0, ...span, budgetRemaining }]
    return { workspaceId, sloId, version: 1, at, isMeasured: true, objectives, ...given }
  }
  const apply = (payload: AdvanceBudgetPayload) => applyBudgetReading(prisma, payload, settings)
  return {
    ...world,
    policyId: id,
    input,
    reading,
    apply,
    says: (left: number | null, given?: Partial<AdvanceBudgetPayload>) => apply(reading(left, given)),
    update: (more: Partial<BudgetPolicyInput>) => updateBudgetPolicy(prisma, workspaceId, id, input(more), change),
    events: async () => {
      const { items } = await listBudgetEvents(prisma, workspaceId, { limit: 100 })
      return items.toReversed().map(({ kind, cause, budgetLeftBelow }) => `${kind} ${budgetLeftBelow} ${cause}`)
    },
    messages: async () => {
      const rows = await prisma.outboxMessage.findMany({ where: { workspaceId }, orderBy: { id: 'asc' } })
      return rows.map((row) => ({ ...row, budget: webhookBody.parse(JSON.parse(row.body)).data.budget }))
    },
  }
}

describe('a reading', () => {
  test('that crosses thresholds leaves the steps, events and messages together', async () => {
    const shop = await withPolicy()
    expect(await shop.says(0.3)).toMatchObject({ crossings: [], followUps: [], changes: [] })
    const outcome = await shop.says(-0.5)
    expect(outcome.followUps.map(({ job }) => job)).toEqual(['deliverWebhook', 'deliverWebhook'])
    expect(outcome.changes).toEqual([{ type: 'budget.crossed', id: shop.sloId }])
    expect(await shop.events()).toEqual(['entered 0.25 budget', 'entered 0 budget'])
    const [notice, ticket] = await shop.messages()
    expect(notice?.budget).toMatchObject({ action: 'notify', note: 'Talk about it.', freezes: false })
    expect(ticket?.budget).toMatchObject({
      action: 'ticket',
      status: 'open',
      dedupKey: `nines/budget/${shop.sloId}/0/0`,
      freezes: true,
      budgetRemaining: -0.5,
      slo: { version: 1 },
    })
    const { items } = await listBudgetEvents(prisma, shop.workspaceId, { sloId: shop.sloId, limit: 1 })
    expect(items[0]).toMatchObject({
      objective: { index: 0, target: 0.999 },
      policy: { id: shop.policyId, name: 'Shop' },
      notices: [{ action: 'ticket', channelName: 'Ops', messageId: ticket?.id, state: 'pending', problem: null }],
    })
  })

  test('that crosses several thresholds of one channel is one message, and each of the events has it', async () => {
    const shop = await withPolicy()
    const actions = [{ kind: 'notify' as const, channelId: shop.channelId }]
    await shop.update({ steps: [0.5, 0.25, 0].map((budgetLeftBelow) => ({ budgetLeftBelow, actions })) })
    await shop.says(0.1)
    const [message, ...more] = await shop.messages()
    expect(more).toEqual([])
    expect(message?.budget).toMatchObject({ budgetLeftBelow: 0.25, also: [0.5] })
    const { items } = await listBudgetEvents(prisma, shop.workspaceId, { limit: 10 })
    expect(items.map(({ notices }) => notices.map(({ messageId }) => messageId))).toEqual([
      [message?.id],
      [message?.id],
    ])
  })

  test('told twice, late or by an evaluator that still has an older version changes nothing', async () => {
    const shop = await withPolicy()
    const late = shop.reading(1)
    const entered = shop.reading(0.1)
    await shop.apply(entered)
    await shop.apply(entered)
    await shop.apply(late)
    await shop.says(0.1, { version: 2 })
    await shop.says(1, { version: 1 })
    expect(await shop.events()).toEqual(['entered 0.25 budget'])
    expect(await shop.messages()).toHaveLength(1)
  })

  test('that twenty workers take at once is one crossing', async () => {
    const shop = await withPolicy()
    const reading = shop.reading(-1)
    await Promise.all(Array.from({ length: 20 }, () => shop.apply(reading)))
    expect(await shop.events()).toHaveLength(2)
    expect(await shop.messages()).toHaveLength(2)
  })

  test('of nothing, and while nothing is measured, changes nothing', async () => {
    const shop = await withPolicy()
    await shop.says(-1)
    await shop.says(null)
    await shop.says(1, { isMeasured: false })
    expect(await shop.events()).toHaveLength(2)
    expect((await loadBudgetWatches(prisma)).find(({ sloId }) => sloId === shop.sloId)?.machine.entered).toHaveLength(2)
  })

  test('that is above again clears under the key of the ticket that it opened, and a repeat opens that one again', async () => {
    const shop = await withPolicy()
    for (const left of [0, 0.04, 0.06, 0.31, -1]) await shop.says(left)
    expect(await shop.events()).toEqual([
      'entered 0.25 budget',
      'entered 0 budget',
      'left 0 budget',
      'left 0.25 budget',
      'entered 0.25 budget',
      'entered 0 budget',
    ])
    const tickets = (await shop.messages()).filter(({ budget }) => budget?.action === 'ticket')
    expect(tickets.map(({ budget }) => budget?.status)).toEqual(['open', 'resolved', 'open'])
    expect(new Set(tickets.map(({ budget }) => budget?.dedupKey)).size).toBe(1)
    expect(new Set(tickets.map(({ id }) => id)).size).toBe(3)
    expect(tickets.map(({ eventType }) => eventType)).toEqual([
      'budget.threshold_crossed',
      'budget.threshold_cleared',
      'budget.threshold_crossed',
    ])
  })

  test.each([
    ['opened before', true],
    ['opened after', false],
  ])('stands on the timeline of the incident that the SLO is part of, %s', async (_, isOpen) => {
    const shop = await withPolicy()
    const { workspaceId } = shop
    const { alertId } = await shop.verdict('true')
    const open = () => openIncidentForAlert(prisma, { workspaceId, alertId: alertId ?? '' })
    if (isOpen) await open()
    const outcome = await shop.says(0.2)
    expect(outcome.changes.map(({ type }) => type)).toEqual(['budget.crossed', ...(isOpen ? ['incident.changed'] : [])])
    await open()
    const [entry] = await prisma.timelineEvent.findMany({ where: { workspaceId, kind: 'budget_crossed' } })
    expect(entry?.summary).toBe(
      'Availability is at 25 % of its error budget or below: 20 % is left (99.9 % over 30 days). Talk about it.',
    )
  })

  test('is told through no channel that is disabled, and the event says so', async () => {
    const shop = await withPolicy()
    await prisma.channel.update({
      where: { id: shop.channelId },
      data: { disabledAt: new Date(), disabledReason: 'gone' },
    })
    await shop.says(0.2)
    expect(await shop.messages()).toEqual([])
    const { items } = await listBudgetEvents(prisma, shop.workspaceId, { limit: 10 })
    expect(items[0]?.notices).toEqual([
      {
        action: 'notify',
        channelName: 'Ops',
        messageId: null,
        state: 'failed',
        problem: 'the channel is disabled: gone',
      },
    ])
  })
})

describe('a policy', () => {
  test('that loses a threshold leaves it, tells whom it told, and keeps the others', async () => {
    const shop = await withPolicy()
    await shop.says(-1)
    await shop.update({ steps: stepsOf(shop).slice(1) })
    expect(await shop.events()).toEqual(['entered 0.25 budget', 'entered 0 budget', 'left 0 policy'])
    expect((await shop.messages()).at(-1)?.budget).toMatchObject({
      action: 'ticket',
      status: 'resolved',
      cause: 'policy',
    })
    await shop.says(-1)
    expect(await shop.events()).toHaveLength(3)
  })

  test('is followed by an SLO until that follows another or none, or is archived', async () => {
    const shop = await withPolicy()
    const { workspaceId, sloId } = shop
    await shop.says(0.2)
    const other = await createBudgetPolicy(prisma, workspaceId, shop.input({ name: 'Other', slos: [] }), change)
    await expect(
      updateBudgetPolicy(prisma, workspaceId, other.id, shop.input({ name: 'Other' }), change),
    ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('follows the policy "Shop"') })
    await setSloBudgetPolicy(prisma, workspaceId, sloId, { policyId: other.id, objective: null }, change)
    expect(await shop.events()).toEqual(['entered 0.25 budget', 'left 0.25 policy'])
    // What was read before it followed this policy is not about it.
    await shop.says(0.2, { at: Date.now() - 60_000 })
    expect(await shop.events()).toHaveLength(2)
    await expect(deleteBudgetPolicy(prisma, workspaceId, other.id, change)).rejects.toMatchObject({ code: 'conflict' })
    await shop.says(0.2)
    await archiveSlo(prisma, workspaceId, sloId, change)
    expect((await shop.events()).slice(2)).toEqual(['entered 0.25 budget', 'left 0.25 policy'])
    expect(await shop.says(-1)).toMatchObject({ crossings: [] })
    await deleteBudgetPolicy(prisma, workspaceId, other.id, change)
    await expect(getBudgetPolicy(prisma, workspaceId, other.id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await listBudgetPolicyChanges(prisma, other.id)).map(({ kind }) => kind)).toEqual([
      'deleted',
      'detached',
      'attached',
      'created',
    ])
  })

  test('keeps on record who changed what of it', async () => {
    const shop = await withPolicy()
    await shop.update({ margin: 0.1, onUnknown: 'freeze' })
    await shop.update({ margin: 0.1, onUnknown: 'freeze' })
    const [changed, attached] = await listBudgetPolicyChanges(prisma, shop.policyId)
    expect(changed).toMatchObject({
      kind: 'changed',
      by: 'Ada',
      fields: [
        { field: 'margin', before: 0.05, after: 0.1 },
        { field: 'onUnknown', before: 'allow', after: 'freeze' },
      ],
    })
    expect(attached).toMatchObject({ kind: 'attached', slo: { id: shop.sloId, name: 'Availability' } })
    const policy = await getBudgetPolicy(prisma, shop.workspaceId, shop.policyId)
    expect(policy.steps.map(({ budgetLeftBelow }) => budgetLeftBelow)).toEqual([0.25, 0])
  })

  test('refuses what is not there, by its path, and keeps the channels that it names from being deleted', async () => {
    const shop = await withPolicy()
    const { workspaceId, channelId, sloId } = shop
    const refused = (more: Partial<BudgetPolicyInput>) =>
      createBudgetPolicy(prisma, workspaceId, shop.input({ name: 'New', slos: [], ...more }), change).catch(
        (error: unknown) => (error as Error).message,
      )
    const actions = [{ kind: 'notify' as const, channelId: 'chn_none' }]
    expect(await refused({ steps: [{ budgetLeftBelow: 0, actions }] })).toContain(
      'body/steps/0/actions/0/channelId: there is no such channel',
    )
    expect(await refused({ slos: [{ id: 'slo_none', objective: 0 }] })).toContain(
      'body/slos/0/id: there is no such SLO',
    )
    expect(await refused({ slos: [{ id: sloId, objective: 3 }] })).toContain('body/slos/0/objective: the SLO has one')
    expect(await refused({ name: 'Shop' })).toContain('there is a budget policy named "Shop" already')
    await expect(deleteChannel(prisma, workspaceId, channelId)).rejects.toMatchObject({ code: 'conflict' })
  })
})
