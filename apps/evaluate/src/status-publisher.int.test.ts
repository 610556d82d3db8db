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
