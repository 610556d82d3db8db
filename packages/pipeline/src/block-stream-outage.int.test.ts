import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startRedis, type EmbeddedStore } from '@nines/embedded'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBlockStream, type BlockStream } from './block-stream.ts'

/** A Redis of this file's own, because it gets killed. */
let folder: string
let port: number
let redis: EmbeddedStore
let stream: BlockStream

const start = () => startRedis({ dataDir: path.join(folder, 'redis'), port, appendFsync: 'always' })
const kill = async () => {
  process.kill(redis.pid, 'SIGKILL')
  await redis.exited
}
const eventually = async <T>(what: () => Promise<T>): Promise<T> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await what()
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(50)
    }
  }
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'nines-block-stream-'))
  port = await freePort()
  redis = await start()
  stream = createBlockStream({ redisUrl: redis.url, prefix: 'outage' })
})
afterAll(async () => {
  await stream.close()
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('an appended block is still there after Redis was killed, and so is the book of the store', async () => {
  const ids = [await stream.append(emptyBlock(1, 11)), await stream.append(emptyBlock(1, 22))]
  await stream.acquireLease(0, 'store', 60_000)
  const record = { id: 'r1', firstId: ids[0]!, lastId: ids[0]!, count: 1 }
  await stream.openRecord(0, 'store', record)

  await kill()
  await expect(stream.append(emptyBlock(1, 33))).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 })
  await expect(stream.ping()).rejects.toMatchObject({ code: 'unavailable' })
  redis = await start()

  await eventually(() => stream.ping())
  const entries = await stream.read(0, '0-0')
  expect(entries.map((e) => [e.id, e.block.receivedAt])).toEqual([
    [ids[0], 11],
    [ids[1], 22],
  ])
  expect(await stream.readOpenRecord(0)).toEqual(record)
  const id = await eventually(() => stream.append(emptyBlock(1, 44)))
  expect(await stream.lastId(0)).toBe(id)
})

test('a reader that waits when Redis dies is told, and reads on afterwards', async () => {
  const after = (await stream.lastId(0)) ?? '0-0'
  const waiting = stream.read(0, after, { blockMs: 20_000 })
  const outcome = expect(waiting).rejects.toMatchObject({ code: 'unavailable' })
  await stream.ping()
  await kill()
  await outcome
  redis = await start()
  await eventually(() => stream.append(emptyBlock(1, 55)))
  const entries = await eventually(() => stream.read(0, after, { blockMs: 1_000 }))
  expect(entries.map((e) => e.block.receivedAt)).toEqual([55])
})

test('a Redis that stands still is an outage as well', async () => {
  process.kill(redis.pid, 'SIGSTOP')
  try {
    await expect(stream.ping()).rejects.toMatchObject({ code: 'unavailable' })
  } finally {
    process.kill(redis.pid, 'SIGCONT')
  }
  await eventually(() => stream.ping())
})
