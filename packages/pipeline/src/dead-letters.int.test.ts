import { emptyBlock, encodeBlock } from '@nines/wire'
import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { createBlockStream } from './block-stream.ts'
import { createDeadLetters } from './dead-letters.ts'

const { redisUrl, redisPrefix: prefix } = await useServices()
const letters = createDeadLetters({ redisUrl, prefix, shards: 2, maxBytes: 1_000_000 })
const stream = createBlockStream({ redisUrl, prefix, shards: 2 })

afterAll(async () => {
  letters.close()
  await stream.close()
})

const letter = (number: number, bytes: Buffer, shard = 0) => ({
  shard,
  entryId: `${number}-0`,
  reason: `reason ${number}`,
  bytes,
})
const kept = async () => (await letters.list()).map(({ entryId }) => entryId)

test('letters take bounded memory: the oldest leave, the newest stays whatever its size', async () => {
  for (let i = 1; i <= 10; i++) await letters.add(letter(i, Buffer.alloc(150_000, i)))
  const newest = await kept()
  expect(newest[0]).toBe('10-0')
  expect(newest.length).toBeGreaterThan(2)
  expect(newest.length).toBeLessThan(7)
  await letters.add(letter(11, Buffer.alloc(2_000_000)))
  expect(await kept()).toEqual(['11-0'])
  const [{ id } = { id: '' }] = await letters.list()
  expect([await letters.discard(0, id), await letters.discard(0, id)]).toEqual([true, false])
  expect(await kept()).toEqual([])
})

test('a replayed letter is in the stream once, byte for byte, and no letter any more', async () => {
  const bytes = encodeBlock({ ...emptyBlock(3, 77) })
  await letters.add(letter(12, bytes, 1))
  const [found] = await letters.list()
  expect(found).toMatchObject({ shard: 1, entryId: '12-0', reason: 'reason 12' })
  const replays = await Promise.all([1, 2, 3].map(() => letters.replay(1, found!.id)))
  expect(replays.filter(Boolean)).toHaveLength(1)
  expect(await kept()).toEqual([])
  const entries = await stream.read(1, '0-0')
  expect(entries.map(({ block }) => [block.workspace, block.receivedAt])).toEqual([[3, 77]])
  expect(await stream.heldBytes(1)).toBe(bytes.length)
})

test('a shard that does not exist is said to be none', async () => {
  await expect(letters.replay(2, '1-0')).rejects.toThrow(/shard 2 does not exist/)
})
