import { setTimeout as sleep } from 'node:timers/promises'
import { deriveSecret, type RunningApp } from '@nines/kernel'
import { connectRedis, createBlockStream, findHead } from '@nines/pipeline'
import {
  createTelemetry,
  FinishedBuckets,
  NO_ROLLUPS,
  queryTelemetry,
  SeriesDirectory,
  type TelemetryQuery,
} from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock, type Block } from '@nines/wire'
import { afterAll, afterEach, expect, test } from 'vitest'
import { start } from '../start.ts'
import { untilStored } from '../stored-totals.ts'
import { HEAD_PATH } from './serve-head.ts'

const services = await useServices()
const { redisUrl, redisPrefix: prefix } = services
const redis = connectRedis(redisUrl)
const stream = createBlockStream({ redisUrl, prefix })
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const secret = deriveSecret('resident head', services.env.NINES_SECRET_KEY ?? '')
const running: RunningApp[] = []
const SECOND = 1000
/** Whole seconds, so that windows and samples meet at their edges. */
const NOW = Math.floor(Date.now() / SECOND) * SECOND

afterEach(async () => {
  for (const app of running.splice(0)) await app.stop()
})
afterAll(async () => {
  redis.disconnect()
  await stream.close()
  await telemetry.close()
})

async function startStore(): Promise<RunningApp> {
  const app = await start(services.env)
  running.push(app)
  return app
}

const series = (id: number): Block['series'][number] => ({
  id: String(id),
  metric: 'm',
  kind: 'sum',
  temporality: 'cumulative',
  monotonic: true,
  unit: '',
  description: '',
  labels: { job: `j${id % 2}`, id: String(id) },
})

/** Samples of series 1 to 4, every `everySeconds` from so many seconds ago to so many. */
function blockOf(workspace: number, from: number, to: number, everySeconds = 5, named = true): Block {
  const rows: { id: bigint; at: number; value: number }[] = []
  for (let seconds = from; seconds >= to; seconds -= everySeconds)
    for (const id of [1, 2, 3, 4])
      rows.push({ id: BigInt(id), at: NOW - seconds * SECOND, value: 10_000 - seconds * id })
  return {
    ...emptyBlock(workspace, NOW),
    series: named ? [1, 2, 3, 4].map(series) : [],
    samples: {
      series: BigUint64Array.from(rows, ({ id }) => id),
      at: Float64Array.from(rows, ({ at }) => at),
      start: new Float64Array(rows.length),
      value: Float64Array.from(rows, ({ value }) => value),
    },
  }
}

const query = (change: Partial<TelemetryQuery> = {}): TelemetryQuery => ({
  selector: { metric: 'm', matchers: [] },
  function: 'rate',
  window: 300 * SECOND,
  grid: { from: NOW, step: 0, count: 1 },
  aggregate: 'sum',
  by: ['job'],
  ...change,
})

interface Answered {
  rows: { labels: object; values: (number | null)[] }[]
}

/** What the announced head says: its status and, where it answers, its rows in a fixed order. */
async function ask(workspace: number, asked = query(), bearer = secret): Promise<{ status: number; rows?: unknown }> {
  const address = await findHead(redis, prefix, 0)
  if (!address) return { status: 0 }
  const response = await fetch(address.url + HEAD_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ workspace, query: asked }),
  })
  if (response.status !== 200) return { status: response.status }
  return { status: 200, rows: inOrder(((await response.json()) as Answered).rows) }
}

function inOrder(rows: Answered['rows']): unknown {
  return rows
    .map((row) => ({ ...row, values: [...row.values] }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

async function storedAnswer(workspace: number, asked = query()): Promise<unknown> {
  const engine = {
    telemetry,
    directory: new SeriesDirectory(telemetry, Date.now),
    rollups: NO_ROLLUPS,
    buckets: new FinishedBuckets(),
  }
  const { rows } = await queryTelemetry(engine, workspace, asked)
  return inOrder(
    rows.map(({ labels, values }) => ({ labels, values: Array.from(values, (v) => (Number.isNaN(v) ? null : v)) })),
  )
}

const untilAnswers = (workspace: number, asked = query()) =>
  expect.poll(async () => (await ask(workspace, asked)).status, { timeout: 15_000, interval: 100 }).toBe(200)

test(
  'answers what ClickHouse would, from what came before it began and what came since, late and twice',
  { timeout: 40_000 },
  async () => {
    await startStore()
    await stream.append(blockOf(1, 700, 200))
    await untilStored(stream)
    await running.pop()!.stop()
    await startStore()
    await untilAnswers(1)
    await stream.append(blockOf(1, 150, 0, 5, false))
    await stream.append(blockOf(1, 199, 100, 7, false))
    await stream.append(blockOf(1, 150, 100, 5, false))
    await untilStored(stream)
    for (const asked of [
      query(),
      query({ aggregate: null }),
      query({ function: 'last' }),
      query({ grid: { from: NOW - 60_000, step: 15_000, count: 5 } }),
    ]) {
      const answer = await ask(1, asked)
      expect(answer.status).toBe(200)
      expect(answer.rows).toEqual(await storedAnswer(1, asked))
    }
    expect(await ask(2)).toEqual({ status: 200, rows: [] })
  },
)

test('declines what it does not hold and whoever does not know the secret', { timeout: 20_000 }, async () => {
  await startStore()
  await untilAnswers(1)
  expect(await ask(1, query({ window: 3_600_000 }))).toEqual({ status: 204 })
  expect(await ask(1, query(), 'guessed')).toEqual({ status: 401 })
})

test('a successor answers the same, and nobody answers in between', { timeout: 40_000 }, async () => {
  const first = await startStore()
  await startStore()
  await untilAnswers(1)
  const before = await ask(1)
  await first.stop()
  running.splice(running.indexOf(first), 1)
  // Whoever is announced now, if anybody, is not the one that stopped.
  expect((await findHead(redis, prefix, 0))?.url).not.toBe(first.url)
  await untilAnswers(1)
  expect(await ask(1)).toEqual(before)
})

test('series that were announced long ago are named from the store', { timeout: 30_000 }, async () => {
  await startStore()
  await untilAnswers(1)
  // Definitions reach ClickHouse by themselves, as if an ingest process had announced them an hour ago.
  await telemetry.command(
    `INSERT INTO series (workspace, metric, series, labels, kind, temporality, first_seen, last_seen)
     SELECT 5, 'm', number + 1, map('job', 'j' || toString((number + 1) % 2), 'id', toString(number + 1)), 'sum', 'cumulative',
       now64(3) - 3600, now64(3) - 3600 FROM numbers(4)`,
  )
  await stream.append(blockOf(5, 300, 0, 5, false))
  await untilStored(stream)
  await untilAnswers(5)
  await sleep(100)
  expect((await ask(5)).rows).toEqual(await storedAnswer(5))
})
