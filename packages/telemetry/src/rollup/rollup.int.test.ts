import { useServices } from '@nines/testkit'
import { BlockBuilder } from '@nines/wire'
import * as fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { seriesDefinition } from '../write/test-blocks.ts'
import { addRows, type TestRow } from '../write/test-rows.ts'
import { rollUp1h } from './roll-up-1h.ts'
import { rollUp5m } from './roll-up-5m.ts'
import { rollUpEdges } from './roll-up-edges.ts'
import { rollUpServices } from './roll-up-services.ts'
import { expectedBuckets, expectedServices } from './rollup-oracle.fixture.ts'
import { definitionRows, END, someSeries, START } from './running/course.fixture.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ALL = { count: 1, index: 0 }
let record = 0

afterAll(() => telemetry.close())
beforeEach(async () => {
  for (const table of ['samples', 'series', 'spans', 'rollup_5m', 'rollup_1h', 'service_rollup_1m', 'service_edges'])
    await telemetry.command(`TRUNCATE TABLE ${table}`)
})

async function store(workspace: number, rows: { series?: TestRow[]; samples?: TestRow[]; spans?: TestRow[] }) {
  const builder = new BlockBuilder(workspace, Date.now())
  addRows(builder, 'series', rows.series ?? [])
  addRows(builder, 'samples', rows.samples ?? [])
  addRows(builder, 'spans', rows.spans ?? [])
  await insertBlocks(telemetry, [builder.finish()], `rollup-${record++}`)
}

const seriesRow = (id: number, change: Parameters<typeof seriesDefinition>[1] = {}) =>
  ({ ...seriesDefinition(id, change), series: id }) as TestRow

const BUCKET_COLUMNS = `toUInt32(series) AS series, toUnixTimestamp64Milli(at) AS at, min, max, sum, count, increase`
const LAST_COLUMNS = ', last, toUnixTimestamp64Milli(last_at) AS lastAt'

async function buckets(table: string, workspace: number) {
  const columns = table === 'rollup_5m' ? BUCKET_COLUMNS + LAST_COLUMNS : BUCKET_COLUMNS
  const rows = await telemetry.rows<Record<string, number | string>>(
    `SELECT ${columns} FROM ${table} FINAL WHERE workspace = {workspace:UInt32} ORDER BY series, at`,
    { workspace },
  )
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)])))
}

describe('rollups of samples equal what the samples come to, computed one by one', () => {
  test('5 minutes, hours and services, also when a part of the samples comes late', async () => {
    let workspace = 100
    await fc.assert(
      fc.asyncProperty(fc.array(someSeries, { minLength: 1, maxLength: 4 }), fc.nat(), async (all, seed) => {
        workspace++
        const rows = all.flatMap((one, i) => one.samples.map(([at, v]) => ({ series: i + 1, at, value: v })))
        const isLate = (i: number) => (i * 7919 + seed) % 5 === 0
        await store(workspace, { series: definitionRows(all), samples: rows.filter((_, i) => !isLate(i)) })
        const range = { from: START, to: END, shards: { count: 1_000_000, index: workspace } }
        await rollUp5m(telemetry, { ...range, to: START + HOUR })
        await rollUp5m(telemetry, { ...range, from: START + HOUR })
        await store(workspace, { samples: rows.filter((_, i) => isLate(i)) })
        for (let from = START; from < END; from += 20 * MINUTE)
          await rollUp5m(telemetry, { ...range, from, to: from + 20 * MINUTE })
        await rollUp1h(telemetry, range)
        await rollUpServices(telemetry, range)
        expect(await buckets('rollup_5m', workspace)).toEqual(expectedBuckets(all, START, END, 5 * MINUTE))
        expect(await buckets('rollup_1h', workspace)).toEqual(
          expectedBuckets(all, START, END, HOUR).map(({ last: _last, lastAt: _lastAt, ...hour }) => hour),
        )
        const found = await telemetry.rows<Record<string, number>>(
          `SELECT service, toUInt32(intDiv(toUnixTimestamp64Milli(at) - ${START}, ${MINUTE})) AS minute, series, increase
           FROM service_rollup_1m FINAL WHERE workspace = ${workspace} ORDER BY service, minute`,
        )
        expect(found).toEqual(expectedServices(all, START, END))
      }),
      { numRuns: 12, endOnFailure: true },
    )
  }, 180_000)

  test('two values for one instant are two steps, but only the higher one is a sample', async () => {
    const samples = [
      { series: 1, at: START + 2 * MINUTE, value: 7 },
      { series: 1, at: START + MINUTE, value: 5 },
      { series: 1, at: START + 2 * MINUTE, value: 3 },
    ]
    await store(4, { series: [seriesRow(1)], samples })
    await rollUp5m(telemetry, { from: START, to: END, shards: ALL })
    expect(await buckets('rollup_5m', 4)).toEqual([
      {
        series: 1,
        at: START,
        min: 5,
        max: 7,
        sum: 12,
        count: 2,
        // From 5 down to 3, a new beginning, and on to 7.
        increase: 7,
        last: 7,
        lastAt: START + 2 * MINUTE,
      },
    ])
  })

  test('services: the first step of a range begins up to five minutes before it', async () => {
    const at = (minutes: number, value: number) => ({ series: 1, at: START + minutes * MINUTE, value })
    const samples = [at(4.5, 10), at(5.5, 13), at(10.5, 20), at(14, 21), at(25.5, 30)]
    await store(5, { series: [seriesRow(1)], samples })
    for (let from = START; from < START + 30 * MINUTE; from += 5 * MINUTE) {
      const range = { from, to: from + 5 * MINUTE, shards: ALL }
      await rollUp5m(telemetry, range)
      await rollUpServices(telemetry, range)
    }
    const found = await telemetry.rows(
      `SELECT toUInt32(intDiv(toUnixTimestamp64Milli(at) - ${START}, ${MINUTE})) AS minute, increase
       FROM service_rollup_1m FINAL WHERE workspace = 5 ORDER BY minute`,
    )
    expect(found).toEqual([
      { minute: 4, increase: 0 },
      { minute: 5, increase: 3 },
      { minute: 10, increase: 7 },
      { minute: 13, increase: 1 },
      { minute: 25, increase: 0 },
    ])
  })

  test('only workspaces of the shard', async () => {
    for (const workspace of [1, 2, 3])
      await store(workspace, { samples: [{ series: 1, at: START + MINUTE, value: 1 }] })
    await rollUp5m(telemetry, { from: START, to: END, shards: { count: 2, index: 1 } })
    const found = await telemetry.rows(
      'SELECT DISTINCT workspace FROM rollup_5m WHERE workspace < 10 ORDER BY workspace',
    )
    expect(found).toEqual([{ workspace: 1 }, { workspace: 3 }])
  })

  test('a range that cuts a bucket is refused', async () => {
    await expect(rollUp5m(telemetry, { from: START, to: END - 1, shards: ALL })).rejects.toMatchObject({
      code: 'internal',
    })
  })
})

test('edges: calls between services by the minute, once each, with their errors and durations', async () => {
  const span = (service: string, id: string, parent: string, change: TestRow = {}): TestRow => ({
    at: START + 30_000,
    trace_id: 'a1',
    span_id: id,
    parent_span_id: parent,
    service,
    name: 'call',
    kind: 2,
    duration: 1_000_000,
    ...change,
  })
  const spans = [
    span('web', '01', '', { at: START - 8 * MINUTE }),
    span('web', '02', '01', { kind: 3 }),
    span('api', '03', '02'),
    span('api', '04', '02', { status_code: 2, duration: 3_000_000, at: START + 59_999 }),
    span('api', '05', '04', { kind: 1 }),
    span('db', '06', '05', { at: START + MINUTE, kind: 5 }),
    // The same service, a parent that nobody sent, a trace of another workspace.
    span('api', '07', '04'),
    span('db', '08', '99'),
  ]
  await store(1, { spans })
  await store(1, { spans: spans.slice(2, 4) })
  await store(2, { spans: [span('stranger', '99', '')] })
  await rollUpEdges(telemetry, { from: START, to: START + 2 * MINUTE, shards: ALL })
  await rollUpEdges(telemetry, { from: START, to: START + 2 * MINUTE, shards: ALL })
  const found = await telemetry.rows(
    `SELECT toUnixTimestamp64Milli(at) - ${START} AS at, client, server, toUInt32(calls) AS calls,
       toUInt32(errors) AS errors, toUInt32(duration) AS duration
     FROM service_edges FINAL WHERE workspace = 1 ORDER BY at, client, server`,
  )
  expect(found).toEqual([
    { at: '0', client: 'web', server: 'api', calls: 2, errors: 1, duration: 4_000_000 },
    { at: String(MINUTE), client: 'api', server: 'db', calls: 1, errors: 0, duration: 1_000_000 },
  ])
})
