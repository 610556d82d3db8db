import { start as startApi } from '@nines/app-api'
import { start as startEvaluate } from '@nines/app-evaluate'
import { start as startWorker } from '@nines/app-worker'
import type { AlertDetail, SloDetail, SloExplanation, SloStatus, WebhookBody } from '@nines/contracts'
import { newWebhookSecret } from '@nines/delivery'
import { encryptSecret, type RunningApp } from '@nines/kernel'
import { createApiKey, createChannel, createPolicy, createPrisma, createService } from '@nines/records'
import { openSloObjective, startWebhookSink, useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReceiver, type Receiver } from '../senders/receiver.fixture.ts'
import { eventually } from '../stack/eventually.ts'
import { sendHistory, type CounterHistory } from '../stack/otlp-history.ts'

/**
 * Composites of OpenSLO through everything: documents by the code API, telemetry by ingest, stream and store, and the running
 * evaluator and worker; against sums made by hand from what was sent, as the specification and ADR 14 say them.
 */
const MINUTE = 60_000
const services = await useServices()
const prisma = createPrisma(services.databaseUrl, { maxConnections: 2 })
const base = Math.floor(Date.now() / MINUTE) * MINUTE
const ago = (minutes: number) => base - minutes * MINUTE
const apps: RunningApp[] = []
let receiver: Receiver
let sink: Awaited<ReturnType<typeof startWebhookSink>>
let apiUrl = ''
let key = ''

beforeAll(async () => {
  receiver = await startReceiver(services)
  sink = await startWebhookSink()
  const { id: workspaceId } = await prisma.workspace.findFirstOrThrow()
  const about = { name: 'Ops', url: sink.url, userId: null, isDefault: true, allowPrivate: true }
  const secret = encryptSecret(newWebhookSecret(), services.env.NINES_SECRET_KEY ?? '')
  const channel = await createChannel(prisma, workspaceId, about, secret)
  const targets = [{ kind: 'channel' as const, channelId: channel.id }]
  const policy = { name: 'Ops', repeatCount: 0, steps: [{ delaySeconds: 60, targets }] }
  const { id: escalationPolicyId } = await createPolicy(prisma, workspaceId, policy)
  const service = { slug: 'shop', name: 'Shop', description: '', tier: 1, teamId: null, runbookUrl: null } as const
  await createService(prisma, workspaceId, { ...service, escalationPolicyId })
  key = (await createApiKey(prisma, workspaceId, { name: 'ci', scopes: ['write'], createdById: null })).secret
  apps.push(...(await Promise.all([startApi, startWorker].map((start) => start(services.env)))))
  apiUrl = apps[0]?.url ?? ''
})
afterAll(async () => {
  for (const app of apps) await app.stop()
  await receiver.stop()
  await sink.stop()
  await prisma.$disconnect()
})

/** What was sent of one indicator, by minute. */
class Sent {
  readonly minutes = new Map<number, { bad: number; total: number }>()
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  add(minutesAgo: number, bad: number, total: number): void {
    this.minutes.set(ago(minutesAgo), { bad, total })
  }

  /** Two cumulative counters, as far as they have got. */
  counters(): CounterHistory[] {
    const running = { bad: 0, total: 0 }
    const points = [...this.minutes].map(([at, { bad, total }]) => {
      running.bad += bad
      running.total += total
      return { at, ...running }
    })
    const common = { attributes: {}, service: 'shop', startMs: (points[0]?.at ?? base) - 1000 }
    const of = (which: 'bad' | 'total') => points.map((point): [number, number] => [point.at, point[which]])
    return [
      { ...common, metric: `${this.#name}_bad_total`, points: of('bad') },
      { ...common, metric: `${this.#name}_total`, points: of('total') },
    ]
  }

  /** In the seconds before the instant, with that part of the oldest minute which lies inside. */
  within({ to, seconds }: Window): { bad: number; total: number } {
    const sums = { bad: 0, total: 0 }
    for (const [minute, { bad, total }] of this.minutes) {
      const part = minute >= to ? 0 : Math.min(1, Math.max(0, (minute + MINUTE - to) / 1000 + seconds) / 60)
      sums.bad += bad * part
      sums.total += total * part
    }
    return sums
  }
}

interface Window {
  to: number
  seconds: number
}
const EVER = { to: base + 60 * MINUTE, seconds: 86_400 }
const ALL_DAYS = 28 * 86_400
const hourUpTo = (to: number): Window => ({ to, seconds: 3600 })
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
const shareOf = ({ bad, total }: { bad: number; total: number }) => bad / total

type Step = 'cart' | 'pay' | 'quiet'
const TARGETS = { cart: 0.999, pay: 0.99, quiet: 0.99 }
const SLICE_TARGET = 0.95
const sent = { cart: new Sent('cart'), pay: new Sent('pay'), quiet: new Sent('quiet') }
for (let minutes = 70; minutes >= 3; minutes--) {
  sent.cart.add(minutes, minutes === 30 ? 2 : 0, 100)
  sent.pay.add(minutes, minutes === 20 ? 10 : 0, 50)
}
const TWO: Step[] = ['cart', 'pay']
const THREE: Step[] = ['cart', 'pay', 'quiet']

/** By the specification each objective's burn, multiplied by its weight, burns the whole: the sum over these. */
function specifiedBurn(payWeight: number, steps: readonly Step[], window: Window): number {
  return sum(steps.map((step) => burnShare(step, payWeight) * shareOf(sent[step].within(window))))
}
function burnShare(step: Step, payWeight: number): number {
  return (step === 'pay' ? payWeight : 1) / (1 - TARGETS[step])
}
/** What a member without events leaves to the others: the whole burns so much faster than the sum says. */
function fasterBy(payWeight: number, speaking: readonly Step[]): number {
  const shares = (steps: readonly Step[]) => sum(steps.map((step) => burnShare(step, payWeight)))
  return shares(THREE) / shares(speaking)
}

const send = (...steps: Step[]) =>
  sendHistory(
    receiver.httpUrl,
    receiver.key,
    steps.flatMap((step) => sent[step].counters()),
  )

async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(apiUrl + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return JSON.parse(text) as T
}
const get = <T>(path: string) => call<T>('GET', path)
const apply = (payWeight: number) =>
  call<{ notes: unknown[]; changes: { action: string; kind: string; slug: string }[] }>('POST', '/api/v1/code/apply', {
    files: [{ path: 'journeys.yaml', content: documents(payWeight) }],
  })

const objective = (name: Step, target: number, weight: number, more = '') =>
  openSloObjective(name, target, `\n      compositeWeight: ${weight}${more}`)
const document = (name: string, method: string, ...objectives: string[]) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: shop
  timeWindow: [{ duration: 28d, isRolling: true }]
  budgetingMethod: ${method}
  objectives:${objectives.join('')}
`
const slice = `\n      timeSliceTarget: ${SLICE_TARGET}\n      timeSliceWindow: 1m`
const documents = (payWeight: number) =>
  [
    document(
      'journey',
      'Occurrences',
      ...THREE.map((step) => objective(step, TARGETS[step], step === 'pay' ? payWeight : 1)),
    ),
    document('by-minute', 'Timeslices', objective('cart', 0.99, 1, slice), objective('pay', 0.99, 1, slice)),
    document('by-ratio', 'RatioTimeslices', objective('cart', 0.99, 1, slice), objective('pay', 0.99, 3, slice)),
  ].join('---\n')

const ids = new Map<string, string>()
const pathOf = (slug: string) => `/api/v1/slos/${ids.get(slug)}`
const untilStatus = (slug: string, check: (status: SloStatus) => void) =>
  eventually(`status of ${slug}`, async () => {
    const { status } = await get<SloDetail>(pathOf(slug))
    if (status !== null) check(status)
    return status !== null
  })
const like = (value: number | null | undefined, to: number) =>
  expect(Math.abs((value ?? NaN) - to), `${value} is not ${to}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(to)))
function expectWhole(status: SloStatus, payWeight: number, speaking: readonly Step[]): void {
  const by = fasterBy(payWeight, speaking)
  const spent = by * specifiedBurn(payWeight, speaking, EVER)
  like(status.budgetRemaining, 1 - spent)
  like(status.sli, 1 - spent * (1 - status.target))
  const hour = status.burns.find(({ windowSeconds }) => windowSeconds === 3600)
  like(hour?.burnRate, by * specifiedBurn(payWeight, speaking, hourUpTo(status.at)))
}
const openedAlerts = () => prisma.alert.findMany({ select: { id: true, ruleId: true, state: true } })

test('members and wholes are what the specification makes of what was sent; nothing is due, nobody is paged', async () => {
  await send('cart', 'pay')
  expect((await apply(2)).notes).toEqual([])
  for (const { id, slug } of (await get<{ items: SloDetail[] }>('/api/v1/slos')).items) ids.set(slug, id)
  apps.push(await startEvaluate(services.env))
  for (const step of TWO) {
    const { bad, total } = sent[step].within(EVER)
    await untilStatus(`journey-${step}`, (status) => {
      expect([status.good, status.total, status.state]).toEqual([total - bad, total, 'good'])
      like(status.budgetRemaining, 1 - bad / total / (1 - TARGETS[step]))
    })
  }
  await untilStatus('journey-quiet', (status) =>
    expect([status.total, status.sli, status.state]).toEqual([0, null, 'unmeasured']),
  )
  await untilStatus('journey', (status) => {
    expectWhole(status, 2, TWO)
    expect(status.state).toBe('good')
  })
  expect(fasterBy(2, TWO)).toBeCloseTo(1300 / 1200, 12)
  // Half of the payments of a minute failed: a third of what a page takes.
  sent.cart.add(2, 0, 100)
  sent.pay.add(2, 50, 100)
  await send('cart', 'pay')
  await untilStatus('journey', (status) => expectWhole(status, 2, TWO))
  expect([await openedAlerts(), sink.requests]).toEqual([[], []])
})

test('slices of time: a minute is bad for the whole when it was for any; what is missing of each is added up', async () => {
  const minutes = [...sent.cart.minutes.keys()]
  const ratio = (step: Step, minute: number) => 1 - shareOf(sent[step].minutes.get(minute) ?? { bad: 0, total: 1 })
  const bad = minutes.filter((minute) => TWO.some((step) => ratio(step, minute) < SLICE_TARGET)).length
  expect(bad).toBe(2)
  await untilStatus('by-minute', (status) => {
    expect([status.good, status.total]).toEqual([minutes.length - bad, minutes.length])
    like(status.budgetRemaining, 1 - bad / minutes.length / 0.01)
  })
  const missing = (step: Step) => 1 - sum(minutes.map((minute) => ratio(step, minute))) / minutes.length
  await untilStatus('by-ratio', (status) =>
    like(status.budgetRemaining, 1 - (missing('cart') + 3 * missing('pay')) / 0.01),
  )
  await untilStatus('by-ratio-pay', (status) => like(status.sli, 1 - missing('pay')))
})

test('when the burn of the whole is due its rule pages, by that burn, and no other rule does', async () => {
  sent.cart.add(1, 0, 100)
  sent.pay.add(1, 200, 200)
  await send('cart', 'pay')
  const page = await sink.waitFor((request) => request.body.includes('"page.created"'), 20_000)
  const { data } = JSON.parse(page.body) as WebhookBody
  const opened = await openedAlerts()
  expect(opened).toMatchObject([{ id: data.alert?.id, state: 'firing' }])
  const { firedEvidence: evidence, slo, ruleName } = await get<AlertDetail>(`/api/v1/alerts/${opened[0]?.id}`)
  expect([slo.id, ruleName]).toEqual([ids.get('journey'), 'page'])
  if (evidence?.kind !== 'burn_rate') throw new Error('a page is about a burn')
  expect(evidence.measuredUntil).toBe(base)
  const [pair] = evidence.pairs
  const burn = fasterBy(2, TWO) * specifiedBurn(2, TWO, hourUpTo(base))
  like(pair?.long.burnRate, burn)
  like(pair?.short.burnRate, fasterBy(2, TWO) * specifiedBurn(2, TWO, { to: base, seconds: 300 }))
  expect(burn).toBeGreaterThan(pair?.factor ?? Infinity)
  await untilStatus('journey', (status) => expect(status.state).toBe('bad'))
})

test('once the silent member speaks the whole burns exactly as the sum says, and the page stays open', async () => {
  sent.quiet.add(1, 0, 500)
  await send('quiet')
  await untilStatus('journey-quiet', (status) => expect([status.good, status.total]).toEqual([500, 500]))
  await untilStatus('journey', (status) => {
    expectWhole(status, 2, THREE)
    like(status.budgetRemaining, 1 - specifiedBurn(2, THREE, EVER))
  })
  expect(await openedAlerts()).toMatchObject([{ state: 'firing' }])
})

test('what was stored says the same minute by minute; another weight is a new version, and what was said before stays', async () => {
  const at = ago(2)
  const range = `from=${new Date(ago(75)).toISOString()}&to=${new Date(at).toISOString()}`
  type Slices = { slices: { minute: number; good: number; total: number }[] }
  const slicesOf = async (slug: string) => (await get<Slices>(`${pathOf(slug)}/slices?${range}`)).slices
  const before = [...sent.pay.minutes].filter(([minute]) => minute < at)
  await eventually('stored minutes', async () => {
    const stored = await slicesOf('journey-pay')
    expect(stored.map(({ minute, good, total }) => [minute, total - good, total])).toEqual(
      before.map(([minute, { bad, total }]) => [minute, bad, total]),
    )
    return (await slicesOf('journey-cart')).length === before.length
  })
  for (const { minute, good, total } of await slicesOf('journey'))
    like(
      (total - good) / total,
      specifiedBurn(2, TWO, { to: minute + MINUTE, seconds: 60 }) / sum(TWO.map((one) => burnShare(one, 2))),
    )

  const asked = `${pathOf('journey')}/explain?at=${new Date(at).toISOString()}&asOf=${new Date().toISOString()}`
  const said = await get<SloExplanation>(asked)
  const spentBy = (payWeight: number) =>
    fasterBy(payWeight, TWO) * specifiedBurn(payWeight, TWO, { to: at, seconds: ALL_DAYS })
  like(said.objectives[0]?.budgetRemaining, 1 - spentBy(2))
  expect(said.objectives[0]?.members.map(({ weight, sli }) => [weight, sli === null])).toEqual([
    [10, false],
    [2, false],
    [1, true],
  ])
  expect(sum(said.objectives[0]?.members.map((member) => member.contributionUnits ?? 0) ?? [])).toBe(1_000_000)

  const { changes } = await apply(4)
  expect(changes.filter(({ action }) => action !== 'unchanged')).toMatchObject([
    { action: 'update', kind: 'SLO', slug: 'journey' },
  ])
  await untilStatus('journey', (status) => {
    expect(status.version).toBe(2)
    expectWhole(status, 4, THREE)
  })
  const { versions } = await get<SloDetail>(pathOf('journey'))
  expect(versions.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([1, 2])
  expect(await get<SloExplanation>(`${asked}&version=1`)).toEqual(said)
  const now = await get<SloExplanation>(asked)
  expect(now.version).toBe(2)
  like(now.objectives[0]?.budgetRemaining, 1 - spentBy(4))
})
