import type { SloStatus } from '@nines/contracts'
import { connectRedis, readSloStatuses } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { StatusPublisher } from './status-publisher.ts'

const { redisUrl, redisPrefix: prefix } = await useServices()
const redis = connectRedis(redisUrl)
afterAll(() => redis.disconnect())

const flawless = (total: number): SloStatus => ({
  sloId: 'slo_a',
  version: 1,
  at: 0,
  state: 'good',
  good: total,
  total,
  sli: 1,
  target: 0.99,
  window: { kind: 'rolling', days: 28 },
  from: 0,
  to: 0,
  budgetRemainingToDate: 1,
  furtherObjectives: [],
  budgetRemaining: 1,
  burns: [],
  exhaustionSeconds: null,
  lastEventAt: null,
})

test('history that is counted after the first status shows within a second, where no ratio changes', async () => {
  const publisher = new StatusPublisher(redis, prefix)
  const publish = (total: number, now: number) => publisher.publish(new Map([['wsp_a', [flawless(total)]]]), now)
  const shown = async () => (await readSloStatuses(redis, prefix, 'wsp_a')).get('slo_a')?.total
  await publish(12, 100_000)
  await publish(9_000, 100_900)
  expect(await shown()).toBe(12)
  await publish(9_000, 101_000)
  expect(await shown()).toBe(9_000)
  // One more event among thousands can wait for the next regular turn.
  await publish(9_001, 109_000)
  expect(await shown()).toBe(9_000)
  await publish(9_001, 111_000)
  expect(await shown()).toBe(9_001)
})

test('what changes within a second of the last publication is published when the second is over, newest first', async () => {
  const publisher = new StatusPublisher(redis, prefix)
  const told = (...statuses: SloStatus[]) => new Map(statuses.length > 0 ? [['wsp_b', statuses]] : [])
  const shown = async () => (await readSloStatuses(redis, prefix, 'wsp_b')).get('slo_a')?.total
  await publisher.publish(told(flawless(12)), 100_000)
  await publisher.publish(told(flawless(9_000)), 100_300)
  await publisher.publish(told(flawless(12_000)), 100_600)
  await publisher.publish(told(), 100_900)
  expect(await shown()).toBe(12)
  await publisher.publish(told(), 101_000)
  expect(await shown()).toBe(12_000)
  // One that looks as what was published again is none any more.
  await publisher.publish(told(flawless(50_000)), 101_100)
  await publisher.publish(told(flawless(12_001)), 101_200)
  await publisher.publish(told(), 102_500)
  expect(await shown()).toBe(12_000)
  await publisher.publish(told(flawless(70_000)), 103_000)
  await publisher.publish(told(flawless(90_000)), 103_100)
  publisher.forget('slo_a')
  await publisher.publish(told(), 105_000)
  expect(await shown()).toBe(70_000)
})

test('with thousands of SLOs each is published more seldom, but a change of state within a second', async () => {
  const publisher = new StatusPublisher(redis, prefix)
  const all = (total: number): SloStatus[] =>
    Array.from({ length: 5_000 }, (_, i) => ({ ...flawless(total), sloId: `slo_${i}` }))
  const shown = async (id: string) => (await readSloStatuses(redis, prefix, 'wsp_c')).get(id)?.total
  await publisher.publish(new Map([['wsp_c', all(100)]]), 100_000)
  const [first, second] = all(1_000)
  if (!first || !second) throw new Error('no statuses')
  await publisher.publish(new Map([['wsp_c', [first, { ...second, state: 'bad' as const }]]]), 101_000)
  expect([await shown('slo_0'), await shown('slo_1')]).toEqual([100, 1_000])
  await publisher.publish(new Map(), 105_000)
  expect(await shown('slo_0')).toBe(1_000)
}, 30_000)
