import { useServices } from '@nines/testkit'
import type { Block } from '@nines/wire'
import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { createTelemetry } from '../../telemetry.ts'
import { insertBlocks } from '../../write/insert-blocks.ts'
import { expectedBuckets, expectedServices } from '../rollup-oracle.fixture.ts'
import { closeStretch, storeRunningRows } from './close-stretch.ts'
import { blockOf, definitionRows, END, inOrder, someCourse, someSeries, START } from './course.fixture.ts'
import { RunningRollups } from './running-rollups.ts'
import { informRollups } from './stored-before.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const BUCKET = 5 * MINUTE
const never = new AbortController().signal
const share = (workspace: number) => ({ count: 1_000_000, index: workspace })
let record = 0

afterAll(() => telemetry.close())
/** What is stored of one workspace counts as stored before for another. */
async function empty(): Promise<void> {
  for (const table of ['samples', 'series', 'rollup_5m', 'service_rollup_1m'])
    await telemetry.command(`TRUNCATE TABLE ${table}`)
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

/** Half hours, so that what is not known of one is not asked of all. */
const closeAll = async (rollups: RunningRollups, workspace: number, to: number) => {
  await informRollups(telemetry, rollups, never)
  for (let from = START; from < to; from += 6 * BUCKET)
    await closeStretch(telemetry, rollups, share(workspace), { from, to: Math.min(to, from + 6 * BUCKET) })
}

test('sums of what goes by, and of the store where it does not suffice, are those of all samples', async () => {
  let workspace = 500
  let [running, computed] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(someSeries, { minLength: 1, maxLength: 4 }), someCourse, async (all, course) => {
      workspace++
      await empty()
      const order = inOrder(all, course)
      const before = Math.floor((order.length * course.storedBefore) / 100)
      const rollups = new RunningRollups({ mostNamed: course.mostNamed })
      await store(blockOf(workspace, definitionRows(all), order.slice(0, before)))
      if (course.namedAfter < 0) rollups.take(blockOf(workspace, definitionRows(all), []))
      const size = Math.max(1, Math.ceil((order.length - before) / course.blocks))
      for (let i = before, block = 0; i < order.length; i += size, block++) {
        if (block === course.informedAfter) await informRollups(telemetry, rollups, never)
        const made = blockOf(workspace, [], order.slice(i, i + size))
        await store(made)
        rollups.take(made)
        const [first] = course.closes
        if (block === first?.afterBlock) await closeAll(rollups, workspace, START + first.upTo * BUCKET)
        running += rollups.rowCount
        if (block === 1) await storeRunningRows(telemetry, rollups)
      }
      await closeAll(rollups, workspace, END)
      expect(await storedBuckets(workspace)).toEqual(expectedBuckets(all, START, END, BUCKET))
      expect(await storedServices(workspace)).toEqual(expectedServices(all, START, END))
      computed += (await telemetry.rows('SELECT 1 FROM rollup_5m FINAL WHERE revision > 0')).length
    }),
    { numRuns: 20, endOnFailure: true },
  )
  // Both ways have been gone.
  expect(running).toBeGreaterThan(0)
  expect(computed).toBeGreaterThan(0)
}, 240_000)
