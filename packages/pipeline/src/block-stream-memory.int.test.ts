import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, startRedis, type EmbeddedStore } from '@nines/embedded'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBlockStream, type BlockStream } from './block-stream.ts'
import { connectRedis } from './redis-connection.ts'

/** A Redis of this file's own, because its memory gets used up. */
let folder: string
let server: EmbeddedStore
let stream: BlockStream

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'nines-block-memory-'))
  server = await startRedis({ dataDir: path.join(folder, 'redis'), port: await freePort(), appendFsync: 'no' })
  stream = createBlockStream({ redisUrl: server.url, prefix: 'memory' })
})
afterAll(async () => {
  await stream.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a Redis without memory refuses blocks, and the store gets it out of that by storing and trimming', async () => {
  const id = await stream.append(emptyBlock(1))
  const redis = connectRedis(server.url)
  await redis.config('SET', 'maxmemory', '1')
  await expect(stream.append(emptyBlock(1))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('Redis has no memory left'),
  })

  expect(await stream.acquireLease(0, 'store', 60_000)).toBe(true)
  await stream.openRecord(0, 'store', { id: 'r', firstId: id, lastId: id, count: 1 })
  await stream.excludeFromRecord(0, 'store', 'r', [id])
  await stream.completeRecord(0, 'store', 'r')
  expect(await stream.storePosition(0)).toBe(id)
  expect(await stream.trim(0, { tailMs: 0 })).toBe(1)
  expect(await stream.heldBytes(0)).toBe(0)
  redis.disconnect()
})
