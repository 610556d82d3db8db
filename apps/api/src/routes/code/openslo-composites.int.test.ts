import { openSloObjective, useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { startApi } from '../../test-fixtures/api-under-test.ts'
import { actionsOf, codeUnderTest } from '../../test-fixtures/code-under-test.ts'

const services = await useServices()
const api = await startApi(services)
const code = await codeUnderTest(api)
afterAll(() => api.stop())

const journey = (objectives: string, { method = 'Occurrences', annotations = '' } = {}) => `# The way to an order
apiVersion: openslo/v1
kind: SLO
metadata: { name: journey, displayName: Journey${annotations} }
spec:
  service: shop
  timeWindow: [{ duration: 28d, isRolling: true }]
  budgetingMethod: ${method}
  objectives:${objectives}
`
const twoSteps = `${openSloObjective('cart', 0.999)}${openSloObjective('pay', 0.99, '\n      compositeWeight: 2')}`
const detail = async (slug: string) => code.get(`/api/v1/slos/${await code.idOf(slug)}`)

test('its objectives become SLOs with their own targets, and the whole a composite over them', async () => {
  const files = { 'journey.yaml': journey(twoSteps) }
  const applied = await code.apply(files)
  expect(actionsOf(applied)).toEqual([
    'create Service shop',
    'create SLO journey-cart',
    'create SLO journey-pay',
    'create SLO journey',
  ])
  expect(applied.notes).toEqual([])
  const whole = await detail('journey')
  const [cart, pay] = [await detail('journey-cart'), await detail('journey-pay')]
  expect([cart, pay]).toMatchObject([
    { name: 'Journey: cart', target: 0.999, sli: { kind: 'ratio', total: { metric: 'cart_total' } } },
    { name: 'Journey: pay', target: 0.99 },
  ])
  expect(whole).toMatchObject({
    name: 'Journey',
    target: expect.closeTo(1 - 0.01 / 12, 14),
    sli: {
      kind: 'composite',
      combine: 'weighted',
      members: [
        { sloId: cart.id, weight: 10 },
        { sloId: pay.id, weight: 2 },
      ],
    },
  })
  expect([cart.rules, whole.rules].map((rules) => rules.map((rule: { name: string }) => rule.name))).toEqual([
    ['silence'],
    ['page', 'ticket', 'silence'],
  ])
  expect(await code.plan(files)).toMatchObject({ isEqual: true })
  const [document] = (await code.get('/api/v1/code')).items
  expect(document).toMatchObject({ name: 'journey', notes: [] })
  expect(document.slos).toHaveLength(3)
})

test('members are read-only and drift with the document; both exports apply again without a difference', async () => {
  const { id, slug, name, description, sli, window, service } = await detail('journey-pay')
  const input = { slug, name, description, sli, window, serviceId: service.id, target: 0.9 }
  const byHand = await api.send('PUT', `/api/v1/slos/${id}`, { as: code.admin, body: input })
  expect(byHand).toMatchObject({ status: 409, json: { detail: expect.stringContaining('journey.yaml') } })
  expect((await code.get(`/api/v1/slos/${id}/source`)).source).toMatchObject({ name: 'journey', drift: [] })

  const unchanged = async (text: string) =>
    (await code.plan({ 'export.yaml': text })).changes.every(
      (change: { action: string }) => change.action === 'unchanged',
    )
  expect(await code.export('openslo')).toContain(journey(twoSteps))
  expect(await unchanged(await code.export('openslo'))).toBe(true)
  expect(await code.export('original')).toBe(journey(twoSteps))

  expect((await api.send('PUT', `/api/v1/slos/${id}`, { as: code.keys.write, body: input })).status).toBe(200)
  const files = { 'journey.yaml': journey(twoSteps) }
  const { changes } = await code.plan(files)
  expect(changes.filter((change: { action: string }) => change.action === 'update')).toMatchObject([
    { slug: 'journey-pay', drifted: true, fields: [{ path: 'target', before: 0.9, after: 0.99 }] },
  ])
  const drifted = await code.export('openslo')
  expect(drifted).not.toContain('# The way to an order')
  expect(await unchanged(drifted)).toBe(true)
  await code.apply(files)
  expect(await code.plan(files)).toMatchObject({ isEqual: true })
})

test('an objective that goes is pruned after the whole lets go of it', async () => {
  const three = { 'journey.yaml': journey(`${twoSteps}${openSloObjective('ship', 0.99)}`) }
  expect(actionsOf(await code.apply(three))).toContain('create SLO journey-ship')
  const two = { 'journey.yaml': journey(twoSteps) }
  expect(actionsOf(await code.apply(two, { prune: true })).toSorted()).toEqual([
    'remove SLO journey-ship',
    'unchanged SLO journey-cart',
    'unchanged SLO journey-pay',
    'update SLO journey',
  ])
  expect(await code.idOf('journey-ship')).toBeUndefined()
})

test('where the target of the whole is open, a note names the annotation that gives it', async () => {
  const slices = '\n      timeSliceTarget: 0.95\n      timeSliceWindow: 1m'
  const steps = `${openSloObjective('cart', 0.999, slices)}${openSloObjective('pay', 0.99, slices)}`
  const open = { 'journey.yaml': journey(steps, { method: 'Timeslices' }) }
  expect(await code.plan(open)).toMatchObject({
    notes: [
      {
        effect: 'not_evaluated',
        file: 'journey.yaml',
        line: 4,
        path: 'metadata.annotations["nines/target"]',
        message: expect.stringContaining('is required'),
      },
    ],
  })
  const annotations = ", annotations: { nines/target: '0.98' }"
  await code.apply({ 'journey.yaml': journey(steps, { method: 'Timeslices', annotations }) })
  expect(await detail('journey')).toMatchObject({ target: 0.98, sli: { kind: 'composite', combine: 'all_of' } })
  expect(await detail('journey-cart')).toMatchObject({ target: 0.999, sli: { kind: 'time_slices', sliceTarget: 0.95 } })
})
