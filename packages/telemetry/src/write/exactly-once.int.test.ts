import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startClickHouse, type EmbeddedStore } from '@nines/embedded'
import { BlockBuilder, emptyBlock, tablesOf, type Block, type TableName } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrateTelemetry } from '../migrations/migrate-telemetry.ts'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { insertBlocks } from './insert-blocks.ts'
import { checkRun, sampleBlock, seriesDefinition, slice } from './test-blocks.ts'
import { addRows } from './test-rows.ts'

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

/** Tables that keep every row they are given: only the token keeps repeats out. */
const TOKEN_TABLES = ['samples', 'histograms', 'exponential_histograms', 'exemplars', 'logs', 'spans'] as const
/** Tables whose engine collapses repeats. */
const COLLAPSING = ['series', 'trace_index', 'check_runs', 'slices']

/** Blocks with rows for every table, spread over four months and two retentions; `seed` makes their keys their own. */
function recordOf(seed: number, samplesPerBlock: number): Block[] {
  return [0, 1, 2].map((part) => {
    const series = seed * 10 + part
    const id = String(series).padStart(8, '0')
    const times = MONTHS.map((month) => month + part * 60_000)
    const block = new BlockBuilder(1, 1_790_000_000_000, {
      retention: { metrics: 4000, logs: 4000 + part, traces: 5000 },
    })
    addRows(block, 'series', [{ ...seriesDefinition(series), series }])
    const samples = Array.from({ length: samplesPerBlock }, (_, i) => ({ series, at: MONTHS[i % 4]! + i, value: i }))
    addRows(block, 'samples', samples)
    const points = times.map((at) => ({
      series,
      at,
      bounds: [1, 2],
      bucket_counts: [1, 2, 3],
      positive_counts: [1, 2],
    }))
    addRows(block, 'histograms', points)
    addRows(block, 'exponential_histograms', points)
    addRows(
      block,
      'exemplars',
      times.flatMap((at) =>
        ['aa', 'bb'].map((span) => ({ series, at, trace_id: id, span_id: span, labels: { a: 'b' } })),
      ),
    )
    addRows(
      block,
      'logs',
      times.flatMap((at) =>
        ['first', 'second', 'ü\n'].map((body) => ({ at, body, service: `s${series}`, attributes: { a: 'b', c: 'd' } })),
      ),
    )
    addRows(
      block,
      'spans',
      times.flatMap((at, i) =>
        ['01', '02'].map((span) => ({
          at,
          trace_id: `${id}${i}${i}`,
          span_id: span,
          name: `GET /${series}`,
          service: 'web',
          event_at: [at, at + 1],
          event_name: ['e', 'f'],
          event_attributes: [{}, { k: 'v' }],
          link_trace_id: [id],
          link_span_id: ['77'],
          link_trace_state: [''],
          link_attributes: [{ l: 'w' }],
        })),
      ),
    )
    return Object.assign(block.finish(), {
      checkRuns: times.map((at) => checkRun(`chk_${series}`, at)),
      slices: times.map((minute) => slice(minute, 1, { sloId: `slo_${series}` })),
    })
  })
}

/** Rows in the tables; raw where only the token keeps repeats out, collapsed where the engine does. */
async function counts(): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const source of [...TOKEN_TABLES, ...COLLAPSING.map((table) => `${table} FINAL`)]) {
    const [row] = await telemetry.rows<{ n: string }>(`SELECT count() AS n FROM ${source}`)
    found[source] = Number(row?.n)
  }
  const [row] = await telemetry.rows<{ sum: number }>('SELECT sum(value) AS sum FROM samples')
  return { ...found, sum: row?.sum ?? NaN }
}

function countsOf(records: Block[][]): Record<string, number> {
  const blocks = records.flat()
  const total = (of: (block: Block) => number) => blocks.reduce((sum, block) => sum + of(block), 0)
  const rowsOf = (name: TableName) => total((block) => tablesOf(block).get(name)?.rows ?? 0)
  return {
    ...Object.fromEntries(TOKEN_TABLES.map((name) => [name, rowsOf(name)])),
    'series FINAL': rowsOf('series'),
    // Each trace of these records has two spans.
    'trace_index FINAL': rowsOf('spans') / 2,
    'check_runs FINAL': total((b) => b.checkRuns.length),
    'slices FINAL': total((b) => b.slices.length),
    sum: total((b) => b.samples.value.reduce((sum, value) => sum + value, 0)),
  }
}

async function emptyTables(): Promise<void> {
  for (const table of [...TOKEN_TABLES, ...COLLAPSING]) await telemetry.command(`TRUNCATE TABLE ${table}`)
}

test('a record stores each row once however often it is inserted, also across a restart', async () => {
  await emptyTables()
  const record = recordOf(1, 1000)
  const summary = await insertBlocks(telemetry, record, 'once')
  expect(summary).toEqual({ rows: 3 * (1000 + 4 + 4 + 8 + 12 + 8 + 4 + 4 + 1), inserts: 9, restoredParts: 0 })
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
  const parts = await telemetry.rows<{ path: string; table: string; rows: string }>(
    `SELECT path, table, rows FROM system.parts WHERE database = 'nines' AND active
       AND table IN ({tables:Array(String)})
       AND position(partition, '2026-08') = 0 AND position(partition, '2026-10') = 0`,
    { tables: [...TOKEN_TABLES, 'trace_index'] },
  )
  const left = await counts()
  for (const { table, rows } of parts) left[table === 'trace_index' ? 'trace_index FINAL' : table]! -= Number(rows)
  delete left.sum
  await store.stop()
  // The state that a kill between writing the token and committing the part leaves behind.
  for (const part of parts) rmSync(path.resolve(dataDir, part.path), { recursive: true })
  store = await start()
  expect(await counts()).toMatchObject(left)
  expect(await insertBlocks(telemetry, record, 'swallowed')).toMatchObject({ restoredParts: 0 })
  expect(await counts()).toMatchObject({ ...left, 'trace_index FINAL': countsOf([record])['trace_index FINAL'] })
  const restored = parts.filter((part) => part.table !== 'trace_index').length
  expect(await insertBlocks(telemetry, record, 'swallowed', { isRepeat: true })).toMatchObject({
    restoredParts: restored,
  })
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
