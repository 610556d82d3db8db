import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startClickHouse, type EmbeddedStore } from '@nines/embedded'
import { emptyBlock, type Block } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrateTelemetry } from '../migrations/migrate-telemetry.ts'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { insertBlocks } from './insert-blocks.ts'
import { checkRun, histogramRow, sampleBlock, seriesDefinition, slice } from './test-blocks.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'nines-telemetry-'))
const dataDir = path.join(folder, 'clickhouse')
const options = { url: '', database: 'nines' }
const MONTHS = [Date.UTC(2026, 7, 31), Date.UTC(2026, 8, 1), Date.UTC(2026, 9, 15), Date.UTC(2026, 10, 2)]
let store: EmbeddedStore
let telemetry: Telemetry
let port: number

const start = () => startClickHouse({ dataDir, port })
async function restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (signal === 'SIGKILL') {
    process.kill(store.pid, 'SIGKILL')
    await store.exited
  } else await store.stop()
  store = await start()
}

beforeAll(async () => {
  port = await freePort()
  store = await start()
  options.url = store.url
  await migrateTelemetry(options)
  telemetry = createTelemetry(options)
})
afterAll(async () => {
  await telemetry.close()
  await store.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Blocks of every kind of row, spread over four months; `seed` makes their keys their own. */
function recordOf(seed: number, samplesPerBlock: number): Block[] {
  return [0, 1, 2].map((part) => {
    const series = seed * 10 + part
    const rows = Array.from({ length: samplesPerBlock }, (_, i) => [series, (MONTHS[i % 4] as number) + i, i] as const)
    const times = MONTHS.map((month) => month + part * 60_000)
    return {
      ...sampleBlock(1, rows),
      series: [seriesDefinition(series)],
      histograms: times.map((at) => histogramRow(series, at)),
      checkRuns: times.map((at) => checkRun(`chk_${series}`, at)),
      slices: times.map((minute) => slice(minute, 1, { sloId: `slo_${series}` })),
    }
  })
}

/** Rows in the tables; raw where only the token keeps repeats out, collapsed where the engine does. */
async function counts(): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const source of ['samples', 'histograms', 'series FINAL', 'check_runs FINAL', 'slices FINAL']) {
    const [row] = await telemetry.rows<{ n: string }>(`SELECT count() AS n FROM ${source}`)
    found[source] = Number(row?.n)
  }
  const [row] = await telemetry.rows<{ sum: number }>('SELECT sum(value) AS sum FROM samples')
  return { ...found, sum: row?.sum ?? NaN }
}

function countsOf(records: Block[][]): Record<string, number> {
  const blocks = records.flat()
  const total = (of: (block: Block) => number) => blocks.reduce((sum, block) => sum + of(block), 0)
  return {
    samples: total((b) => b.samples.series.length),
    histograms: total((b) => b.histograms.length),
    'series FINAL': total((b) => b.series.length),
    'check_runs FINAL': total((b) => b.checkRuns.length),
    'slices FINAL': total((b) => b.slices.length),
    sum: total((b) => b.samples.value.reduce((sum, value) => sum + value, 0)),
  }
}

async function emptyTables(): Promise<void> {
  for (const table of ['samples', 'histograms', 'series', 'check_runs', 'slices'])
    await telemetry.command(`TRUNCATE TABLE ${table}`)
}

test('a record stores each row once however often it is inserted, also across a restart', async () => {
  await emptyTables()
  const record = recordOf(1, 1000)
  const summary = await insertBlocks(telemetry, record, 'once')
  expect(summary).toEqual({ rows: 3 * (1000 + 4 + 4 + 4 + 1), inserts: 5, restoredParts: 0 })
  await insertBlocks(telemetry, record, 'once')
  await insertBlocks(telemetry, record, 'once', { isRepeat: true })
  await restart('SIGTERM')
  await insertBlocks(telemetry, record, 'once', { isRepeat: true })
  await restart('SIGKILL')
  await insertBlocks(telemetry, record, 'once')
  await telemetry.command('OPTIMIZE TABLE samples FINAL')
  await insertBlocks(telemetry, record, 'once', { isRepeat: true })
  expect(await counts()).toEqual(countsOf([record]))
})

test('the same rows in another record are other rows', async () => {
  await emptyTables()
  const block = sampleBlock(1, [[1, MONTHS[0] as number, 1]])
  await insertBlocks(telemetry, [block], 'first')
  await insertBlocks(telemetry, [block], 'second')
  expect((await counts()).samples).toBe(2)
})

test('parts that a crash swallowed after their token was written come back with the repeat', async () => {
  await emptyTables()
  const record = recordOf(2, 400)
  await insertBlocks(telemetry, record, 'swallowed')
  const parts = await telemetry.rows<{ path: string }>(
    `SELECT path FROM system.parts WHERE database = 'nines' AND active AND table IN ('samples', 'histograms')
     AND partition IN ('202609', '202611')`,
  )
  expect(parts.length).toBe(4)
  await store.stop()
  // The state that a kill between writing the token and committing the part leaves behind.
  for (const part of parts) rmSync(path.resolve(dataDir, part.path), { recursive: true })
  store = await start()
  expect(await counts()).toMatchObject({ samples: 600, histograms: 6 })
  expect(await insertBlocks(telemetry, record, 'swallowed')).toMatchObject({ restoredParts: 0 })
  expect(await counts()).toMatchObject({ samples: 600, histograms: 6 })
  expect(await insertBlocks(telemetry, record, 'swallowed', { isRepeat: true })).toMatchObject({ restoredParts: 4 })
  expect(await insertBlocks(telemetry, record, 'swallowed', { isRepeat: true })).toMatchObject({ restoredParts: 0 })
  expect(await counts()).toEqual(countsOf([record]))
})

test(
  'killed in the middle of inserts at random, each row is there once after the repeat',
  { timeout: 120_000 },
  async () => {
    await emptyTables()
    const records: Block[][] = []
    for (let round = 0; round < 8; round++) {
      const record = recordOf(100 + round, 40_000)
      records.push(record)
      const outcome = insertBlocks(telemetry, record, `killed-${round}`).then(
        () => 'done',
        () => 'failed',
      )
      await sleep(10 + 17 * round)
      await restart('SIGKILL')
      await outcome
      await insertBlocks(telemetry, record, `killed-${round}`, { isRepeat: true })
      expect(await counts(), `round ${round}`).toEqual(countsOf(records))
    }
  },
)

test('while ClickHouse is away an insert rejects with unavailable and nothing is lost', async () => {
  await emptyTables()
  const record = recordOf(3, 100)
  await store.stop()
  await expect(insertBlocks(telemetry, record, 'away')).rejects.toMatchObject({ code: 'unavailable' })
  store = await start()
  await insertBlocks(telemetry, record, 'away', { isRepeat: true })
  expect(await counts()).toEqual(countsOf([record]))
})

test('a record without rows inserts nothing', async () => {
  expect(await insertBlocks(telemetry, [emptyBlock(1)], 'empty', { isRepeat: true })).toEqual({
    rows: 0,
    inserts: 0,
    restoredParts: 0,
  })
})
