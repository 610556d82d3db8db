import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, startRedis } from '@nines/embedded'
import { afterAll, expect, test } from 'vitest'
import { redisConcerns } from './redis-concerns.ts'
import { connectRedis } from './redis-connection.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'nines-redis-concerns-'))
const server = await startRedis({ dataDir: path.join(folder, 'redis'), port: await freePort() })
const redis = connectRedis(server.url)

afterAll(async () => {
  redis.disconnect()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a server that refuses CONFIG is judged by what it tells', async () => {
  await redis.call('ACL', 'SETUSER', 'hosted', 'on', '>secret', '~*', '+@all', '-config')
  const hosted = connectRedis(server.url.replace('redis://', 'redis://hosted:secret@'))
  expect(await redisConcerns(hosted)).toEqual([])
  hosted.disconnect()
})

test('the Redis that the launcher starts keeps what is acknowledged; each setting that does not is named', async () => {
  expect(await redisConcerns(redis)).toEqual([])
  await redis.config('SET', 'appendfsync', 'everysec')
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  expect(await redisConcerns(redis)).toEqual([
    expect.stringContaining('appendfsync is everysec'),
    expect.stringContaining('maxmemory-policy is allkeys-lru'),
  ])
  await redis.config('SET', 'appendonly', 'no')
  expect((await redisConcerns(redis))[0]).toContain('set appendonly to yes')
})
