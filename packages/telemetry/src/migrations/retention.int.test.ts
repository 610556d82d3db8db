import { useServices } from '@nines/testkit'
import { BlockBuilder } from '@nines/wire'
import { afterAll, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { addRows } from '../write/test-rows.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const DAY = 86_400_000
const TABLES = ['samples', 'histograms', 'exponential_histograms', 'exemplars', 'logs', 'spans', 'trace_index']

afterAll(() => telemetry.close())

/** Rows of every table, 100, 50, 20 and 1 day old. */
async function store(workspace: number, retention: { metrics: number; logs: number; traces: number }) {
  const block = new BlockBuilder(workspace, Date.now(), { retention })
  const times = [100, 50, 20, 1].map((days) => Date.now() - days * DAY)
  addRows(
    block,
    'samples',
    times.map((at) => ({ series: 1, at, value: 1 })),
  )
  for (const table of ['histograms', 'exponential_histograms', 'exemplars'] as const)
    addRows(
      block,
      table,
      times.map((at) => ({ series: 1, at })),
    )
  addRows(
    block,
    'logs',
    times.map((at) => ({ at, body: 'line' })),
  )
  addRows(
    block,
    'spans',
    times.map((at, i) => ({ at, trace_id: `0${i + 1}`, span_id: '01' })),
  )
  await insertBlocks(telemetry, [block.finish()], `retention-${workspace}`)
}

async function left(workspace: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of TABLES) {
    const [row] = await telemetry.rows<{ n: string }>(
      `SELECT count() AS n FROM ${table} WHERE workspace = {workspace:UInt32}`,
      { workspace },
    )
    counts[table] = Number(row?.n)
  }
  return counts
}

test('rows leave when the retention of their workspace and signal has passed, each with its partition', async () => {
  await store(1, { metrics: 30, logs: 7, traces: 75 })
  await store(2, { metrics: 75, logs: 400, traces: 7 })
  for (const table of TABLES) await telemetry.command(`OPTIMIZE TABLE ${table} FINAL`)
  const metrics = (n: number) => ({ samples: n, histograms: n, exponential_histograms: n, exemplars: n })
  expect(await left(1)).toEqual({ ...metrics(2), logs: 1, spans: 3, trace_index: 3 })
  expect(await left(2)).toEqual({ ...metrics(3), logs: 4, spans: 1, trace_index: 1 })
})

test('partitions hold one retention each', async () => {
  const [row] = await telemetry.rows<{ mixed: string }>(
    `SELECT count() AS mixed FROM (SELECT _partition_id FROM samples GROUP BY _partition_id HAVING uniqExact(retention) > 1)`,
  )
  expect(row?.mixed).toBe('0')
})
