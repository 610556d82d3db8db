import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startRedis } from '@nines/embedded'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'

const ROUNDS = 4
const PARALLEL = 8
const LOAD_MS = 400

/**
 * With `appendfsync always` Redis writes and syncs its append-only file before it sends the answers of a turn. With `everysec`
 * it answers while a write waits, up to two seconds, for a sync that is still under way: what was answered then is
 * lost with the process. So `always` is what the launcher starts, and the only setting that this holds for.
 */
test('entries that were answered survive kill -9', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-redis-'))
  const place = { dataDir: path.join(folder, 'redis'), port: await freePort() }
  const answered = new Set<string>()
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const server = await startRedis(place)
      const client = new Redis(server.url, { retryStrategy: null, maxRetriesPerRequest: 0 })
      client.on('error', () => undefined)
      const writers = Array.from({ length: PARALLEL }, () => writeUntilItDies(client, answered))
      await sleep(LOAD_MS)
      process.kill(server.pid, 'SIGKILL')
      await Promise.all([...writers, server.exited])
      client.disconnect()
    }
    const server = await startRedis(place)
    const client = new Redis(server.url)
    const stored = new Set((await client.xrange('entries', '-', '+')).map(([id]) => id))
    expect(answered.size).toBeGreaterThan(100)
    expect([...answered].filter((id) => !stored.has(id))).toEqual([])
    client.disconnect()
    await server.stop()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

async function writeUntilItDies(client: Redis, answered: Set<string>): Promise<void> {
  const payload = Buffer.alloc(2_000, 7)
  try {
    for (;;) {
      const id = await client.xadd('entries', '*', 'b', payload)
      if (id !== null) answered.add(id)
    }
  } catch {
    // The server is gone; what was not answered may be there or not.
  }
}
