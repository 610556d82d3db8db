import { startTcpGate, useServices, type TcpGate } from '@nines/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counterRequest, makeKey, startIngestUnderTest, type IngestUnderTest } from './ingest-under-test.ts'

const services = await useServices()
let redis: TcpGate
let postgres: TcpGate
let ingest: IngestUnderTest

const gateTo = (url: string) => startTcpGate({ host: '127.0.0.1', port: Number(new URL(url).port) })
const through = (url: string, proxy: TcpGate) => {
  const changed = new URL(url)
  changed.port = String(proxy.port)
  return changed.href
}

beforeAll(async () => {
  redis = await gateTo(services.redisUrl)
  postgres = await gateTo(services.databaseUrl)
  const env = {
    REDIS_URL: through(services.redisUrl, redis),
    DATABASE_URL: through(services.databaseUrl, postgres),
    NINES_STREAM_MAX_BYTES: '100000',
  }
  ingest = await startIngestUnderTest(services, env)
})
afterAll(async () => {
  await ingest.stop()
  redis.close()
  postgres.close()
})

const send = async (value: number, key = ingest.key) =>
  ingest.post('/v1/metrics', JSON.stringify(counterRequest([{ asInt: value }])), { authorization: `Bearer ${key}` })
const readiness = async () => {
  const response = await fetch(`${ingest.app.url}/readyz`)
  const { stores } = (await response.json()) as { stores: { redis: string; postgres: string } }
  return { status: response.status, ...stores }
}
const storedValues = async () => (await ingest.stream.read(0, '0-0')).flatMap((e) => [...e.block.samples.value])

describe('without Redis', () => {
  test('nothing is acknowledged, senders are told when to retry, and afterwards all is well', async () => {
    expect((await send(1)).status).toBe(200)
    redis.shut()
    const answers = await Promise.all([send(2), send(3)])
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
      expect(await answer.json()).toMatchObject({ code: 14, message: expect.stringContaining('appending a block') })
    }
    expect((await readiness()).status).toBe(503)
    redis.open()
    await expect.poll(async () => (await readiness()).status).toBe(200)
    expect((await send(4)).status).toBe(200)
    expect(await storedValues()).toEqual([1, 4])
  })

  test('a definition that was lost with its block comes again', async () => {
    const request = () => {
      const body = JSON.stringify(counterRequest([{ asInt: 9 }], {})).replace('"requests"', '"fresh"')
      return ingest.post('/v1/metrics', body)
    }
    redis.shut()
    expect((await request()).status).toBe(503)
    redis.open()
    await expect.poll(async () => (await readiness()).status).toBe(200)
    await ingest.appended()
    expect((await request()).status).toBe(200)
    expect((await request()).status).toBe(200)
    const names = (await ingest.appended()).map((e) => e.block.series.map((s) => s.metric))
    expect(names).toEqual([['fresh'], []])
  })
})

describe('without PostgreSQL', () => {
  test('known keys go on, others are told to retry', async () => {
    const { secret } = await makeKey(ingest, ['ingest'])
    expect((await send(5)).status).toBe(200)
    postgres.shut()
    expect((await send(6)).status).toBe(200)
    const unknown = await send(7, secret)
    expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, '5'])
    const state = await readiness()
    expect([state.status, state.redis]).toEqual([200, 'ok'])
    expect(state.postgres).not.toBe('ok')
    const headers = { authorization: `Bearer ${ingest.key}` }
    expect((await fetch(`${ingest.app.url}/v1/probe/assignments`, { headers })).status).toBe(503)
    postgres.open()
    await expect.poll(async () => (await send(8, secret)).status).toBe(200)
  })
})

test('a full stream refuses with a time to retry, and takes again once it was trimmed', async () => {
  let answer = await send(10)
  while (answer.status === 200) {
    const points = Array.from({ length: 500 }, (_, i) => ({ asInt: i }))
    answer = await ingest.post('/v1/metrics', JSON.stringify(counterRequest(points)))
  }
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await answer.json()).toMatchObject({
    code: 14,
    message: expect.stringContaining('more are refused above 100000'),
  })

  const entries = await ingest.stream.read(0, '0-0')
  const record = { id: 'r', firstId: entries[0]!.id, lastId: entries.at(-1)?.id ?? '', count: entries.length }
  await ingest.stream.acquireLease(0, 'test', 10_000)
  await ingest.stream.openRecord(0, 'test', record)
  await ingest.stream.completeRecord(0, 'test', 'r')
  await expect
    .poll(async () => (await ingest.stream.trim(0, { tailMs: 0 })) >= 0 && (await ingest.stream.heldBytes(0)))
    .toBe(0)
  // Ingest looks at the stream twice a second.
  await expect.poll(async () => (await send(11)).status, { timeout: 5_000 }).toBe(200)
})

test('stopping answers what was taken and leaves it in the stream', async () => {
  const own = await startIngestUnderTest(services, { NINES_INGEST_LINGER_MS: '1000' })
  const sent = [1, 2, 3].map((value) =>
    own.post('/v1/metrics', JSON.stringify(counterRequest([{ asInt: 7_000 + value }]))),
  )
  // The rows are taken once the first of them is known to wait.
  await new Promise((resolve) => setTimeout(resolve, 500))
  await own.stop()
  expect((await Promise.all(sent)).map((answer) => answer.status)).toEqual([200, 200, 200])
  expect(await storedValues()).toEqual(expect.arrayContaining([7_001, 7_002, 7_003]))
})
