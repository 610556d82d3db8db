import { setTimeout as sleep } from 'node:timers/promises'
import type { SloBackfill } from '@nines/contracts'
import { readSloBackfill, subscribeLive } from '@nines/pipeline'
import { insertBlocks, readSlices } from '@nines/telemetry'
import { startTcpGate, useServices } from '@nines/testkit'
import { emptyBlock, type Block } from '@nines/wire'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { badRatioOf, createEvaluateBed } from './evaluate-bed.fixture.ts'
import { spawnedReplicas } from './spawned-replicas.fixture.ts'
import { Traffic } from './traffic.fixture.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const services = await useServices()
const bed = createEvaluateBed(services)
const { spawn, killAll } = spawnedReplicas(services)
const now = Math.floor(Date.now() / MINUTE) * MINUTE

beforeAll(() => bed.prepare())
afterEach(killAll)
afterAll(() => bed.close())

/** One push every other minute over so many days up to an hour ago, in the store as if it had come long ago. */
async function storeHistory(name: string, days: number): Promise<Traffic> {
  const from = now - days * DAY
  const traffic = new Traffic(name, from)
  const pushes: Block[] = []
  for (let at = from; at < now - 60 * MINUTE; at += 2 * MINUTE) {
    const number = pushes.length
    pushes.push(traffic.push(at, 10 + (number % 3), number % 500 === 0 ? 2 : 0))
  }
  const column = (name: 'at' | 'start' | 'value') =>
    Float64Array.from(pushes.flatMap(({ samples }) => [...samples[name]]))
  const samples = {
    series: BigUint64Array.from(pushes.flatMap((push) => [...push.samples.series])),
    at: column('at'),
    start: column('start'),
    value: column('value'),
  }
  const series = pushes[0]?.series ?? []
  await insertBlocks(bed.telemetry, [{ ...emptyBlock(bed.workspaceNumber, from), series, samples }], name)
  return traffic
}

const told = (sloId: string) => readSloBackfill(bed.redis, services.redisPrefix, bed.workspaceId, sloId)
const eventually = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 60_000, interval: 50 })
const untilDone = (sloId: string) =>
  eventually(async () => {
    const backfill = await told(sloId)
    expect(backfill?.state).toBe('done')
    return backfill as SloBackfill
  })
const slicesOf = (sloId: string) =>
  readSlices(bed.telemetry, { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to: now })

async function expectTruth(sloId: string, traffic: Traffic): Promise<void> {
  const slices = await slicesOf(sloId)
  expect(slices).toHaveLength(traffic.truth.size)
  expect(slices.map((s) => [s.minute, { good: s.good, total: s.total }])).toEqual([...traffic.truth])
}

test('killed in the middle, a history goes on where it was; two replicas count nothing twice', async () => {
  const traffic = await storeHistory('past', 100)
  const replicas = [await spawn(), await spawn()]
  const members = () => bed.redis.zcard(`${services.redisPrefix}:evaluate:replicas`)
  await eventually(async () => expect(await members()).toBe(2))
  const slos = await Promise.all(['a', 'b', 'c', 'd'].map((slug) => bed.createSlo(slug, badRatioOf('past'), 101)))
  let killedAt: SloBackfill[] = []
  while (!killedAt.some(({ state, minutesDone }) => state === 'running' && minutesDone > 20_000)) {
    killedAt = (await Promise.all(slos.map(({ sloId }) => told(sloId)))).filter((backfill) => backfill !== null)
    await sleep(2)
  }
  for (const replica of replicas) await replica.kill()
  const half = killedAt.find(({ state, minutesDone }) => state === 'running' && minutesDone > 20_000) as SloBackfill
  expect(half).toMatchObject({ minutesAll: expect.any(Number), finishedAt: null, error: null })
  expect(half.minutesDone).toBeLessThan(half.minutesAll)
  await eventually(() => bed.untilStored())
  const stored = await slicesOf(half.sloId)
  expect(stored.length).toBeGreaterThan(5_000)

  await Promise.all([spawn(), spawn()])
  for (const { sloId } of slos) {
    const { startedAt, finishedAt, minutesDone, minutesAll } = await untilDone(sloId)
    expect(minutesDone).toBe(minutesAll)
    expect(finishedAt).toBeGreaterThan(startedAt ?? Infinity)
    await eventually(() => expectTruth(sloId, traffic))
  }
  expect((await told(half.sloId))?.startedAt).toBe(half.startedAt)
  // What had been written was not counted again, but for what may have come late.
  const revisions = new Map((await slicesOf(half.sloId)).map(({ minute, revision }) => [minute, revision]))
  const kept = stored.filter(({ minute, revision }) => revisions.get(minute) === revision)
  expect(kept.length).toBeGreaterThan(stored.length - 30)
}, 180_000)

test('while the store is away it says that it tries again and why, and dashboards hear of each step', async () => {
  const traffic = await storeHistory('away', 3)
  const { hostname: host, port } = new URL(services.clickhouseUrl)
  const gate = await startTcpGate({ host, port: Number(port) })
  await spawn({ CLICKHOUSE_URL: `http://127.0.0.1:${gate.port}` })
  gate.shut()
  const heard: string[] = []
  const live = await subscribeLive(
    { redisUrl: services.redisUrl, prefix: services.redisPrefix },
    (_workspace, { type, id }) => type === 'slo.backfill' && heard.push(id),
  )
  const { sloId } = await bed.createSlo('away', badRatioOf('away'), 4)
  await eventually(async () => expect(await told(sloId)).toMatchObject({ state: 'retrying', minutesDone: 0 }))
  expect((await told(sloId))?.error).toMatch(/\w/)
  await eventually(async () => expect(heard).toContain(sloId))
  heard.length = 0
  gate.open()
  expect(await untilDone(sloId)).toMatchObject({ error: null })
  await eventually(async () => expect(heard).toContain(sloId))
  await eventually(() => expectTruth(sloId, traffic))
  await live.close()
  gate.close()
}, 90_000)
