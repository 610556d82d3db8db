import { createLogger } from '@nines/kernel'
import { createBlockStream } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, expect, test, vi } from 'vitest'
import { StreamFollower } from './stream-follower.ts'

const services = await useServices()
const logger = createLogger('test', 'silent')
const streams = new Set<ReturnType<typeof createBlockStream>>()
afterAll(async () => {
  for (const stream of streams) await stream.close()
})

function openStream(name: string) {
  const stream = createBlockStream({ redisUrl: services.redisUrl, prefix: `${services.redisPrefix}:${name}` })
  streams.add(stream)
  const append = (receivedAt: number) => stream.append(emptyBlock(1, receivedAt))
  /** Marks everything up to the id as stored and removes it. */
  const storeAndTrim = async (firstId: string, lastId: string, count: number) => {
    await stream.acquireLease(0, 'test', 10_000)
    await stream.openRecord(0, 'test', { id: firstId, firstId, lastId, count })
    await stream.completeRecord(0, 'test', firstId)
    await stream.trim(0, { tailMs: 0 })
  }
  const taken: number[] = []
  const onGap = vi.fn<() => void>()
  const follower = new StreamFollower({
    stream,
    shard: 0,
    logger,
    reader: 'test',
    onEntry: ({ block }) => void taken.push(block.receivedAt),
    onGap,
  })
  return { append, storeAndTrim, taken, onGap, follower }
}

test('takes what the stream holds and what comes, in order, once', async () => {
  const { append, taken, follower, onGap } = openStream('order')
  await append(1)
  await append(2)
  follower.start()
  await vi.waitFor(() => expect(taken).toEqual([1, 2]))
  const last = await append(3)
  await vi.waitFor(() => expect(taken).toEqual([1, 2, 3]))
  expect(follower.position).toBe(last)
  await follower.stop()
  expect(onGap).not.toHaveBeenCalled()
})

test('a stream that was trimmed before the start is no gap', async () => {
  const { append, storeAndTrim, taken, follower, onGap } = openStream('start')
  const first = await append(1)
  await storeAndTrim(first, first, 1)
  await append(2)
  follower.start()
  await vi.waitFor(() => expect(taken).toEqual([2]))
  await follower.stop()
  expect(onGap).not.toHaveBeenCalled()
})

test.each([
  ['with more behind it', [3], [3]],
  ['with nothing behind it', [], [4]],
])('entries trimmed unread are a gap, %s', async (_what, behind, expected) => {
  const { append, storeAndTrim, taken, follower, onGap } = openStream(`gap${behind.length}`)
  await follower.begin()
  const [first, second] = [await append(1), await append(2)]
  for (const receivedAt of behind) await append(receivedAt)
  await storeAndTrim(first, second, 2)
  follower.start()
  await vi.waitFor(() => expect(onGap).toHaveBeenCalledOnce(), { timeout: 5000 })
  if (behind.length === 0) await append(4)
  await vi.waitFor(() => expect(taken).toEqual(expected))
  await follower.stop()
  expect(onGap).toHaveBeenCalledOnce()
})

test('says until when everything received was taken, and since when it listens', async () => {
  const { append, follower } = openStream('heard')
  expect(follower.heardSince).toBe(Infinity)
  const before = Date.now()
  const id = await append(1)
  follower.start()
  await vi.waitFor(() => expect(follower.position).toBe(id))
  expect(follower.heardSince).toBeGreaterThanOrEqual(before)
  // A read that brings nothing says that nothing waits.
  const taken = Date.now()
  await vi.waitFor(() => expect(follower.heardUntil).toBeGreaterThanOrEqual(taken), { timeout: 5000 })
  await follower.stop()
})
