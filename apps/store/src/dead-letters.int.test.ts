import { createLogger } from '@nines/kernel'
import { connectRedis } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { openDeadLetters } from './dead-letters.ts'

const services = await useServices()
const { redisUrl, redisPrefix } = services
const redis = connectRedis(redisUrl)
const letters = openDeadLetters(redisUrl, redisPrefix, createLogger('test', 'silent'), { maxBytes: 1_000_000 })

afterAll(() => {
  letters.close()
  redis.disconnect()
})

const letter = (number: number, size: number) => ({
  shard: 0,
  entryId: `${number}-0`,
  reason: 'test',
  bytes: Buffer.alloc(size, number),
})
const kept = async () =>
  (await redis.lrange(`${redisPrefix}:dead-letters`, 0, -1)).map((json) => JSON.parse(json).entryId as string)

test('letters take bounded memory: the oldest leave, the newest stays whatever its size', async () => {
  for (let i = 1; i <= 10; i++) await letters.add(letter(i, 150_000))
  const newest = await kept()
  expect(newest[0]).toBe('10-0')
  expect(newest.length).toBeGreaterThan(2)
  expect(newest.length).toBeLessThan(6)
  await letters.add(letter(11, 2_000_000))
  expect(await kept()).toEqual(['11-0'])
})
