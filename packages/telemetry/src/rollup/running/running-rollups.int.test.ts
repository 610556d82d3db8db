import { useServices } from '@nines/testkit'
import { BlockBuilder, type Block } from '@nines/wire'
import * as fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { createTelemetry } from '../../telemetry.ts'
import { insertBlocks } from '../../write/insert-blocks.ts'
import { seriesDefinition } from '../../write/test-blocks.ts'
import { addRows, type TestRow } from '../../write/test-rows.ts'
import { expectedBuckets, expectedServices, type OracleSeries } from '../rollup-oracle.fixture.ts'
import { closeStretch, storeRunningRows } from './close-stretch.ts'
import { RunningRollups } from './running-rollups.ts'
import { informRollups } from './stored-before.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const BUCKET = 5 * MINUTE
const HOUR = 60 * MINUTE
const START = Math.floor((Date.now() - 6 * HOUR) / HOUR) * HOUR
const END = START + 2 * HOUR
const never = new AbortController().signal
const share = (workspace: number) => ({ count: 1_000_000, index: workspace })
let record = 0

afterAll(() => telemetry.close())
beforeEach(async () => {
  for (const table of ['samples', 'series', 'rollup_5m', 'service_rollup_1m'])
    await telemetry.command(`TRUNCATE TABLE ${table}`)
})

interface Sent {
  series: number
  at: number
  value: number
}

function blockOf(workspace: number, series: TestRow[], samples: Sent[]): Block {
  const builder = new BlockBuilder(workspace, Date.now())
  addRows(builder, 'series', series)
  addRows(builder, 'samples', samples as unknown as TestRow[])
  return builder.finish()
}

const store = (block: Block) => insertBlocks(telemetry, [block], `running-${record++}`)

async function storedBuckets(workspace: number) {
  const rows = await telemetry.rows<Record<string, number | string>>(
    `SELECT toUInt32(series) AS series, toUnixTimestamp64Milli(at) AS at, min, max, sum, count, increase,
       last, toUnixTimestamp64Milli(last_at) AS lastAt
     FROM rollup_5m FINAL WHERE workspace = {workspace:UInt32} ORDER BY series, at`,
    { workspace },
  )
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)])))
}

const storedServices = (workspace: number) =>
  telemetry.rows<Record<string, number>>(
    `SELECT service, toUInt32(intDiv(toUnixTimestamp64Milli(at) - ${START}, ${MINUTE})) AS minute, series, increase
     FROM service_rollup_1m FINAL WHERE workspace = ${workspace} ORDER BY service, minute`,
  )

const closeAll = async (rollups: RunningRollups, workspace: number, from = START, to = END) => {
  await informRollups(telemetry, rollups, never)
  for (let start = from; start < to; start += HOUR)
    await closeStretch(telemetry, rollups, share(workspace), { from: start, to: Math.min(to, start + HOUR) })
}

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => n / 4) },
  { weight: 1, arbitrary: fc.constant(NaN) },
)
const pause = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 40 }).map((n) => n * 5_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 80 }).map((n) => n * MINUTE) },
)
const series: fc.Arbitrary<OracleSeries> = fc
  .record({
    isDelta: fc.boolean(),
    samples: fc.array(fc.tuple(pause, value, fc.boolean()), { minLength: 1, maxLength: 40 }),
    service: fc.constantFrom('web', 'api', ''),
  })
  .map(({ isDelta, samples, service }) => {
    let at = START
    const own = samples.flatMap(([after, v, twice]) => {
      at += after
      return at <= END ? Array.from({ length: twice ? 2 : 1 }, () => [at, v] as const) : []
    })
    return { isDelta, service, samples: own }
  })

/** How the samples come: what was stored before, where the stream is cut into blocks, what is late, when buckets close. */
const course = fc.record({
  before: fc.nat({ max: 100 }),
  late: fc.nat({ max: 6 }),
  lateBy: fc.integer({ min: 1, max: 200 }),
  blocks: fc.integer({ min: 1, max: 6 }),
  closesAfter: fc.nat({ max: 5 }),
  announcesLate: fc.boolean(),
  seed: fc.nat(),
})

test('sums of what goes by, and of the store where it does not suffice, are those of all samples', async () => {
  let workspace = 500
  let [running, computed] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(series, { minLength: 1, maxLength: 4 }), course, async (all, how) => {
      workspace++
      const definitions = all.map(
        (one, i) =>
          ({
            ...seriesDefinition(i + 1, {
              temporality: one.isDelta ? 'delta' : 'cumulative',
              labels: one.service === '' ? {} : { job: 'other', service: one.service },
            }),
            series: i + 1,
          }) as TestRow,
      )
      const sent = all
        .flatMap((one, i) => one.samples.map(([at, v]) => ({ series: i + 1, at, value: v })))
        .toSorted((a, b) => a.at - b.at)
      // Some samples come later than they should, by some places.
      const order = sent
        .map((sample, i) => ({ sample, place: (i * 7919 + how.seed) % 7 < how.late ? i + how.lateBy : i }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ sample }) => sample)
      const stored = Math.floor((order.length * (how.before < 50 ? 0 : how.before - 50)) / 100)
      const rollups = new RunningRollups()
      await store(blockOf(workspace, definitions, order.slice(0, stored)))
      if (!how.announcesLate) rollups.take(blockOf(workspace, definitions, []))
      await informRollups(telemetry, rollups, never)
      const size = Math.max(1, Math.ceil((order.length - stored) / how.blocks))
      for (let i = stored, block = 0; i < order.length; i += size, block++) {
        const made = blockOf(workspace, [], order.slice(i, i + size))
        await store(made)
        rollups.take(made)
        running += rollups.rowCount
        if (block === how.closesAfter) await closeAll(rollups, workspace)
        if (block === 1) await storeRunningRows(telemetry, rollups)
      }
      await closeAll(rollups, workspace)
      const expected = expectedBuckets(all, START, END, BUCKET)
      expect(await storedBuckets(workspace)).toEqual(expected)
      expect(await storedServices(workspace)).toEqual(expectedServices(all, START, END))
      computed += (
        await telemetry.rows(`SELECT 1 FROM rollup_5m FINAL WHERE workspace = ${workspace} AND revision > 0`)
      ).length
    }),
    { numRuns: 40, endOnFailure: true },
  )
  // Both ways have been gone.
  expect(running).toBeGreaterThan(0)
  expect(computed).toBeGreaterThan(0)
}, 240_000)
