import { useServices } from '@nines/testkit'
import { Redis } from 'ioredis'
import { afterAll, expect, test } from 'vitest'
import { ownMemory, ReplyChunks } from './reply-chunks.ts'

const services = await useServices()
const redis = new Redis(services.redisUrl)
const chunks = new ReplyChunks(redis)
afterAll(() => redis.disconnect())

const key = (name: string) => `${services.redisPrefix}:chunks:${name}`
/** Values of sizes around those of a socket's pieces. */
const SIZES = [1, 100, 5_000, 65_535, 65_536, 65_537, 300_000, 2, 70_000, 1_000]
const values = SIZES.map((size, i) => Buffer.alloc(size, i + 1))

test('values outlive the pieces they came in, small and large', async () => {
  await redis.rpush(key('list'), ...values)
  for (let turn = 0; turn < 5; turn++) {
    const read = await chunks.freeing(
      () => redis.lrangeBuffer(key('list'), 0, -1),
      (reply) => reply.map(ownMemory),
    )
    expect(read.map((value, i) => value.equals(values[i]!))).toEqual(SIZES.map(() => true))
  }
})

test('commands at one time do not take each other the memory', async () => {
  const ask = () => redis.lrangeBuffer(key('list'), 0, -1)
  const all = await Promise.all([1, 2, 3].map(() => chunks.freeing(ask, (reply) => reply)))
  for (const read of all) expect(read.map((value, i) => value.equals(values[i]!))).toEqual(SIZES.map(() => true))
})

test('a command that fails leaves the connection usable', async () => {
  await redis.set(key('text'), 'no list')
  await expect(
    chunks.freeing(
      () => redis.lrangeBuffer(key('text'), 0, -1),
      (reply) => reply,
    ),
  ).rejects.toThrow(/WRONGTYPE/)
  const read = await chunks.freeing(
    () => redis.lindexBuffer(key('list'), 6),
    (reply) => ownMemory(reply!),
  )
  expect(read.equals(values[6]!)).toBe(true)
})
