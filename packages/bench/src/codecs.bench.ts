import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, startClickHouse } from '@nines/embedded'
import { createTelemetry, type Telemetry } from '@nines/telemetry'
import { positive, readBenchOptions } from './bench-options.ts'
import { measureLayout, type LayoutFigures } from './codecs/measure-layout.ts'
import { SAMPLE_LAYOUTS } from './codecs/sample-layouts.ts'
import { runBench } from './report/run-bench.ts'

const PARTS = 5

/**
 * npm run bench -- codecs [--series 5000] [--steps 1000] [--runs 3] [--json]
 *
 * Bytes and CPU of the alternatives for the table of samples, on 60 % counters, 20 % gauges of two decimals and 20 %
 * constants, every 15 s with a jitter of some ms. The fastest of the runs counts: what else the machine does only adds.
 */
async function main(): Promise<void> {
  const { common, own } = readBenchOptions(['series', 'steps'])
  const series = positive('series', own.series ?? '5000')
  const steps = positive('steps', own.steps ?? '1000')
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-codecs-'))
  const store = await startClickHouse({ dataDir: path.join(folder, 'clickhouse'), port: await freePort() })
  const telemetry = createTelemetry({ url: store.url, database: 'default' })
  try {
    await makeSource(telemetry, series, steps)
    const found: Record<string, LayoutFigures> = {}
    for (let run = 0; run < common.runs; run++)
      for (const layout of SAMPLE_LAYOUTS) {
        const figures = await measureLayout(telemetry, store.pid, layout, { parts: PARTS, rows: series * steps })
        found[layout.name] = best(found[layout.name], figures)
      }
    for (const [name, figures] of Object.entries(found)) console.log(line(name, figures))
    if (common.json) console.log(JSON.stringify({ bench: 'codecs', runs: common.runs, series, steps, ...found }))
  } finally {
    await telemetry.close()
    await store.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Rows in the order in which they arrive, scrape after scrape. */
async function makeSource(telemetry: Telemetry, series: number, steps: number): Promise<void> {
  await telemetry.command(`CREATE TABLE source (part UInt32, workspace UInt32, metric UInt64, series UInt64,
    at DateTime64(3), start DateTime64(3), value Float64) ENGINE = MergeTree ORDER BY tuple()`)
  const step = `intDiv(number, ${series})`
  const own = `number % ${series}`
  const random = `cityHash64(number, 1)`
  await telemetry.command(
    `INSERT INTO source SELECT intDiv(${step} * ${PARTS}, ${steps}), 1, cityHash64(intDiv(${own}, 100)), cityHash64(${own}, 2),
       fromUnixTimestamp64Milli(1790000000000 + ${step} * 15000 + ${own} * 7919 % 15000 + ${random} % 4), 0,
       multiIf(${own} % 10 < 6, (${own} % 997 + 1) * 16 * ${step} + ${random} % 32,
         ${own} % 10 < 8, round(50 + 40 * sin(${step} / 50 + ${own}) + (${random} % 1000) / 500, 2), ${own})
     FROM numbers(${series * steps})`,
    {},
    { max_threads: 1 },
  )
}

function best(known: LayoutFigures | undefined, now: LayoutFigures): LayoutFigures {
  if (!known) return now
  return {
    ...now,
    insertUs: Math.min(known.insertUs, now.insertUs),
    mergeUs: Math.min(known.mergeUs, now.mergeUs),
    readUs: Math.min(known.readUs, now.readUs),
  }
}

function line(name: string, { insertUs, mergeUs, readUs, bytesPerRow, columns }: LayoutFigures): string {
  const us = [insertUs, mergeUs, readUs].map((value) => value.toFixed(3)).join(' / ')
  const parts = Object.entries(columns).map(([column, bytes]) => `${column} ${bytes.toFixed(2)}`)
  return `${name.padEnd(40)} ${bytesPerRow.toFixed(2)} B/row; insert / merge / read ${us} us/row; ${parts.join(', ')}`
}

await runBench(main)
