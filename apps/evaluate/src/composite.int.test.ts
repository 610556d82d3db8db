import type { AdvanceAlertPayload, CompositeCombine, CompositeMember, SliSpec, SloStatus } from '@nines/contracts'
import type { RunningApp } from '@nines/kernel'
import { announceConfigChange } from '@nines/pipeline'
import { createCorrection } from '@nines/records'
import { readSlices } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { badRatioOf, createEvaluateBed } from './evaluate-bed.fixture.ts'
import { start } from './index.ts'
import { spawnedReplicas } from './spawned-replicas.fixture.ts'
import { Traffic } from './traffic.fixture.ts'

const MINUTE = 60_000
const services = await useServices()
const bed = createEvaluateBed(services)
const { spawn, killAll } = spawnedReplicas(services)
const verdicts: AdvanceAlertPayload[] = []
let app: RunningApp | undefined

beforeAll(async () => {
  await bed.prepare()
  bed.hear({ advanceAlert: async (payload) => void verdicts.push(payload) })
})
afterEach(async () => {
  await killAll()
  await app?.stop()
  app = undefined
})
afterAll(async () => {
  await bed.close()
})

const eventually = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 90_000, interval: 100 })
const ago = (minutes: number) => Math.floor(Date.now() / MINUTE) * MINUTE - minutes * MINUTE
const composite = (combine: CompositeCombine, ...members: (string | Partial<CompositeMember>)[]): SliSpec => ({
  kind: 'composite',
  combine,
  members: members.map((member) => ({
    sloId: '',
    noData: 'ignore' as const,
    ...(typeof member === 'string' ? { sloId: member } : member),
  })),
})
const untilStatus = (sloId: string, check: (status: SloStatus) => void): Promise<void> =>
  eventually(async () => {
    const status = await bed.status(sloId)
    expect(status).toBeDefined()
    if (status) check(status)
  })
const untilSli = (sloId: string, sli: number) => untilStatus(sloId, (status) => expect(status.sli).toBeCloseTo(sli, 9))

test('every kind from live rows, nested too; a failing member pages the composite; alike after a restart', async () => {
  const [{ sloId: cart }, { sloId: pay }] = [await bed.createSlo('cart'), await bed.createSlo('pay')]
  const weighted = await bed.createSlo('weighted', {
    kind: 'composite',
    combine: 'weighted',
    members: [
      { sloId: cart, weight: 3, noData: 'ignore' },
      { sloId: pay, weight: 1, noData: 'ignore' },
    ],
  })
  const { sloId: worst } = await bed.createSlo('worst', composite('worst_of', cart, pay))
  const { sloId: path } = await bed.createSlo('path', composite('critical_path', cart, pay))
  const { sloId: all } = await bed.createSlo('all', composite('all_of', cart, pay))
  const { sloId: nested } = await bed.createSlo('nested', composite('worst_of', weighted.sloId, all))
  const [carts, pays] = [new Traffic('cart', ago(75)), new Traffic('pay', ago(75))]
  for (const minutes of [75, 40, 30, 20, 6, 5, 4, 3, 2]) {
    await bed.append(carts.push(ago(minutes), 100, 0))
    await bed.append(pays.push(ago(minutes), 10, 0))
  }
  app = await start(services.env)
  await untilSli(weighted.sloId, 1)
  // No alert is open that a first false could move.
  expect(verdicts.filter((one) => one.ruleId === weighted.ruleId)).toEqual([])
  // Minutes ago paying failed, and does now.
  await bed.append(pays.push(ago(1), 0, 20))
  const paid = 90 / 110
  await untilSli(pay, paid)
  await untilSli(weighted.sloId, (3 + paid) / 4)
  await untilSli(worst, paid)
  await untilSli(path, paid)
  await untilSli(all, 9 / 10)
  await untilSli(nested, 9 / 10)
  await eventually(async () => {
    const said = verdicts.findLast((one) => one.ruleId === weighted.ruleId)
    expect(said?.verdict).toBe('true')
    // The burn of the combined SLI: never the mean of the members' burns.
    const burn = said?.evidence.kind === 'burn_rate' ? said.evidence.pairs[0]?.long.burnRate : null
    expect(burn).toBeCloseTo((1 - 80 / 100) / 4 / 0.001, 6)
  })
  await bed.untilStored()
  await app.stop()
  app = await start(services.env)
  await untilStatus(nested, (status) => {
    expect(status.at).toBeGreaterThan(Date.now() - 10_000)
    expect(status.sli).toBeCloseTo(9 / 10, 9)
  })
  await untilSli(path, paid)
}, 240_000)

test.each([
  ['ignore', 1, 1],
  ['good', 1, 1],
  ['bad', 0.5, 0],
] as const)(
  'a member without any data counts as its rule %s says',
  async (noData, weightedSli, allSli) => {
    const { sloId: heard } = await bed.createSlo(`heard_${noData}`)
    const { sloId: mute } = await bed.createSlo(`mute_${noData}`)
    const traffic = new Traffic(`heard_${noData}`, ago(40))
    // Silence begins ten minutes after history does.
    for (const minutes of [40, 25, 20, 15, 10, 5, 2]) await bed.append(traffic.push(ago(minutes), 10, 0))
    const { sloId: weighted } = await bed.createSlo(
      `weighted_${noData}`,
      composite('weighted', heard, { sloId: mute, noData }),
    )
    const { sloId: all } = await bed.createSlo(`all_${noData}`, composite('all_of', heard, { sloId: mute, noData }))
    app = await start(services.env)
    await untilSli(weighted, weightedSli)
    // Of seven minutes with events the first lies before anybody can call it silence.
    await untilSli(all, allSli === 1 ? 1 : 1 / 7)
  },
  240_000,
)

test('corrections of a member and of the composite itself both count', async () => {
  const { sloId: member } = await bed.createSlo('corrected_member')
  const { sloId: other } = await bed.createSlo('corrected_other')
  const { sloId: whole } = await bed.createSlo('corrected_whole', composite('worst_of', member, other))
  const now = ago(0)
  const before = (minutes: number) => now - minutes * MINUTE
  const [first, second] = [new Traffic('corrected_member', before(30)), new Traffic('corrected_other', before(30))]
  for (let minutes = 30; minutes >= 1; minutes--) {
    await bed.append(first.push(before(minutes), minutes === 20 ? 0 : 9, minutes === 20 ? 9 : 0))
    await bed.append(second.push(before(minutes), minutes === 10 ? 0 : 4, minutes === 10 ? 4 : 0))
  }
  app = await start(services.env)
  await untilSli(whole, 29 / 30)
  const correct = async (sloId: string, minutes: number) => {
    const span = { startsAt: new Date(before(minutes)), endsAt: new Date(before(minutes - 1)) }
    const once = { rrule: null, timeZone: 'UTC', outside: false, reason: 'load test', serviceId: null }
    const actor = { id: null, name: 'Ada', via: 'api' }
    await createCorrection(bed.prisma, bed.workspaceId, { ...span, ...once, sloId, effect: 'exclude' }, actor)
    await announceConfigChange(bed.redis, services.redisPrefix, 'slos')
  }
  await correct(member, 20)
  await untilStatus(whole, (status) => expect(status).toMatchObject({ sli: 29 / 30, total: 120 }))
  await correct(whole, 10)
  await untilSli(whole, 1)
  await untilSli(other, 29 / 30)
}, 240_000)

test('a member keeps what a composite with a longer window needs, also from before the composite was made', async () => {
  const begin = ago(4 * 1440)
  const [early, late] = [new Traffic('kept', begin), new Traffic('kept', ago(20 * 60))]
  for (let i = 0; i < 10; i++) await bed.append(early.push(begin + i * 60 * MINUTE, 60, 6))
  for (let i = 0; i < 19; i++) await bed.append(late.push(ago((20 - i) * 60), 60, 0))
  await bed.untilStored()
  const { sloId } = await bed.createSlo('kept', badRatioOf('kept'), 1)
  const { sloId: other } = await bed.createSlo('kept_other', badRatioOf('kept'), 1)
  app = await start(services.env)
  await untilStatus(sloId, ({ sli }) => expect(sli).toBe(1))
  const { sloId: whole } = await bed.createSlo('kept_whole', composite('worst_of', sloId, other), 7)
  const [former, latter] = [early.sum(), late.sum()]
  await untilSli(whole, (former.good + latter.good) / (former.total + latter.total))
  await untilStatus(sloId, ({ sli }) => expect(sli).toBe(1))
  const query = { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to: ago(1) }
  await eventually(async () => expect((await readSlices(bed.telemetry, query))[0]?.minute).toBe(begin))
}, 240_000)

test('a composite and its members are evaluated by one replica, and taken over together', async () => {
  const slos = await Promise.all(
    Array.from({ length: 4 }, async (_, i) => {
      const names = [`together_${i}_a`, `together_${i}_b`] as const
      const [{ sloId: a }, { sloId: b }] = [await bed.createSlo(names[0]), await bed.createSlo(names[1])]
      const { sloId } = await bed.createSlo(`together_${i}`, composite('critical_path', a, b))
      return { sloId, traffics: names.map((name) => new Traffic(name, ago(5))) }
    }),
  )
  const push = async (minutes: number, bad: number) => {
    for (const { traffics } of slos) {
      for (const traffic of traffics) await bed.append(traffic.push(ago(minutes), 10 - bad, bad))
    }
  }
  const untilAll = async (sli: number) => {
    for (const { sloId } of slos) await untilSli(sloId, sli)
  }
  const first = await spawn()
  await push(5, 0)
  await untilAll(1)
  await spawn()
  await eventually(async () => expect(await bed.redis.zcard(`${services.redisPrefix}:evaluate:replicas`)).toBe(2))
  await push(4, 10)
  await untilAll(0.25)
  await first.kill()
  await push(3, 0)
  await untilAll((2 / 3) ** 2)
}, 240_000)
