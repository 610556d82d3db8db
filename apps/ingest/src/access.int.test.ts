import { announceConfigChange, connectRedis } from '@nines/pipeline'
import { revokeApiKey } from '@nines/records'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counterRequest, makeKey, startIngestUnderTest, type IngestUnderTest } from './ingest-under-test.ts'

const services = await useServices()
let ingest: IngestUnderTest

beforeAll(async () => {
  ingest = await startIngestUnderTest(services)
})
afterAll(() => ingest.stop())

const send = async (headers: Record<string, string>, contentType = 'application/json') =>
  fetch(`${ingest.app.url}/v1/metrics`, {
    method: 'POST',
    body: contentType === 'application/json' ? JSON.stringify(counterRequest([{ asInt: 1 }])) : Buffer.alloc(0),
    headers: { 'content-type': contentType, ...headers },
  })

describe('keys', () => {
  test('work as a bearer token and as x-nines-key', async () => {
    expect((await send({ authorization: `Bearer ${ingest.key}` })).status).toBe(200)
    expect((await send({ authorization: `bearer ${ingest.key}` })).status).toBe(200)
    expect((await send({ 'x-nines-key': ingest.key })).status).toBe(200)
    expect(await ingest.appended()).not.toEqual([])
  })

  test('missing and unknown ones are refused before the body is looked at', async () => {
    const refused: Record<string, string>[] = [{}, { authorization: 'Bearer nk_wrong' }, { authorization: 'Basic x' }]
    for (const headers of refused) {
      const response = await send(headers)
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(await response.json()).toEqual({ code: 16, message: expect.stringMatching(/ingest key|unknown/) })
    }
    const protobuf = await send({}, 'application/x-protobuf')
    expect(protobuf.headers.get('content-type')).toBe('application/x-protobuf')
    expect([...Buffer.from(await protobuf.arrayBuffer()).subarray(0, 2)]).toEqual([0x08, 16])
    const big = await fetch(`${ingest.app.url}/v1/metrics`, { method: 'POST', body: Buffer.alloc(80_000_000) })
    expect(big.status).toBe(401)
    expect(await ingest.appended()).toEqual([])
  })

  test('one without the scope ingest is forbidden', async () => {
    const { secret } = await makeKey(ingest, ['read', 'write'])
    const response = await send({ authorization: `Bearer ${secret}` })
    expect([response.status, await response.json()]).toEqual([
      403,
      { code: 7, message: 'this key lacks the scope "ingest"' },
    ])
  })

  test('a revoked key stops working at the announced change', async () => {
    const { key, secret } = await makeKey(ingest, ['ingest'])
    expect((await send({ 'x-nines-key': secret })).status).toBe(200)
    await revokeApiKey(ingest.prisma, ingest.workspaceId, key.id)
    const redis = connectRedis(services.redisUrl)
    await announceConfigChange(redis, services.redisPrefix, 'keys')
    redis.disconnect()
    await expect.poll(async () => (await send({ 'x-nines-key': secret })).status).toBe(401)
  })
})

describe('check runs', () => {
  const run = (scheduledAt: number, runId = `chk_1@here@${scheduledAt}`) => ({
    checkId: 'chk_1',
    location: 'here',
    runId,
    scheduledAt,
    startedAt: scheduledAt,
    durationMs: 12.5,
    ok: true,
    statusCode: 200,
    error: '',
    phases: { dnsMs: 1, connectMs: 2, tlsMs: null, firstByteMs: 3, transferMs: 4 },
  })

  test('reach the stream as they were reported', async () => {
    await ingest.appended()
    const good = run(Date.now())
    const response = await ingest.post('/v1/check-runs', JSON.stringify({ runs: [good, run(1)] }))
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      accepted: 1,
      rejected: 1,
      message: expect.stringContaining('400 days'),
    })
    expect((await ingest.appended()).flatMap((e) => e.block.checkRuns)).toEqual([good])
  })

  test('are refused when malformed, naming the field', async () => {
    const bad = { runs: [{ ...run(Date.now()), ok: 'yes' }] }
    const response = await ingest.post('/v1/check-runs', JSON.stringify(bad))
    expect([response.status, await response.json()]).toEqual([
      400,
      { code: 3, message: expect.stringContaining('runs.0.ok') },
    ])
    expect((await ingest.post('/v1/check-runs', '{')).status).toBe(400)
    expect((await ingest.post('/v1/check-runs', '', { 'content-type': 'application/x-protobuf' })).status).toBe(415)
    const keyless = await fetch(`${ingest.app.url}/v1/check-runs`, { method: 'POST', body: '{}' })
    expect(keyless.status).toBe(401)
    expect(await ingest.appended()).toEqual([])
  })
})

describe('probe assignments', () => {
  test('are the enabled checks of the key’s workspace', async () => {
    const config = { kind: 'http', url: 'https://shop.example/' }
    const check = (id: string, enabled: boolean, workspaceId: string) => ({
      id,
      workspaceId,
      name: id,
      enabled,
      config,
    })
    const other = await ingest.prisma.workspace.create({ data: { id: 'wsp_other', slug: 'other', name: 'Other' } })
    const checks = [
      check('chk_on', true, ingest.workspaceId),
      check('chk_off', false, ingest.workspaceId),
      check('chk_foreign', true, other.id),
    ]
    await ingest.prisma.check.createMany({ data: checks })
    const headers = { authorization: `Bearer ${ingest.key}` }
    const response = await fetch(`${ingest.app.url}/v1/probe/assignments`, { headers })
    const assigned = { id: 'chk_on', intervalSeconds: 30, timeoutMs: 10_000, config: expect.objectContaining(config) }
    expect(await response.json()).toEqual({ checks: [assigned] })
    expect((await fetch(`${ingest.app.url}/v1/probe/assignments`)).status).toBe(401)
  })
})

test('health and readiness need no key', async () => {
  expect((await fetch(`${ingest.app.url}/healthz`)).status).toBe(200)
  const ready = await fetch(`${ingest.app.url}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'ready', stores: { redis: 'ok', postgres: 'ok' } },
  ])
})
