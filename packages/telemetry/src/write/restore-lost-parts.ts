import { randomUUID } from 'node:crypto'
import { emptyBlock, type Block } from '@nines/wire'
import type { Telemetry } from '../telemetry.ts'
import { insertSettings } from './insert-settings.ts'
import { blockTableRows } from './block-table-rows.ts'

/** Identity of one point of a block, with the month whose part it goes into. */
interface Point {
  workspace: number
  series: bigint
  at: number
}

/**
 * Brings back parts that a crash of ClickHouse swallowed, and returns how many. A MergeTree table writes the token of a
 * part into its deduplication log and then commits the part; killed between the two, it takes every repeat for a
 * duplicate although the rows are not there (MergeTreeSink::finishDelayedChunk). So after a repeat one looks: parts
 * appear whole or not at all, hence the first and last row of each block in each month tell whether its part is there.
 *
 * A row that is there because another record holds the same point hides nothing: that point is stored.
 */
export async function restoreLostParts(
  telemetry: Telemetry,
  blocks: readonly Block[],
  recordId: string,
): Promise<number> {
  let restored = 0
  const samples = await lostMonths(telemetry, 'samples', blocks.map(samplePoints))
  if (samples.size > 0) {
    const { table, rows } = blockTableRows(
      'samples',
      blocks.map((block) => onlySamplesOf(block, samples)),
    )
    await telemetry.insert(table, rows, insertSettings(restoreToken(recordId, table)))
    restored += samples.size
  }
  const histograms = await lostMonths(telemetry, 'histograms', blocks.map(histogramPoints))
  if (histograms.size > 0) {
    const { table, rows } = blockTableRows(
      'histograms',
      blocks.map((block) => onlyHistogramsOf(block, histograms)),
    )
    await telemetry.insert(table, rows, insertSettings(restoreToken(recordId, table)))
    restored += histograms.size
  }
  return restored
}

/** Never seen before: a restore that is itself swallowed must not be taken for a duplicate next time. */
function restoreToken(recordId: string, table: string): string {
  return `${recordId}:${table}:restore-${randomUUID()}`
}

async function lostMonths(telemetry: Telemetry, table: string, blocks: Point[][]): Promise<Set<number>> {
  const probes = blocks.flatMap(firstAndLastByMonth)
  const lost = new Set<number>()
  const step = 1000
  for (let i = 0; i < probes.length; i += step) {
    const some = probes.slice(i, i + step)
    // Numbers only, so that they can stand in the statement.
    const tuples = some.map((p) => `(${p.workspace},${p.series},fromUnixTimestamp64Milli(${Math.trunc(p.at)}))`)
    const found = await telemetry.rows<{ workspace: number; series: string; at: string }>(
      `SELECT DISTINCT workspace, series, toUnixTimestamp64Milli(at) AS at FROM ${table}
       WHERE (workspace, series, ${table}.at) IN (${tuples.join(',')})`,
    )
    const present = new Set(found.map((row) => `${row.workspace}/${row.series}/${row.at}`))
    for (const p of some) if (!present.has(`${p.workspace}/${p.series}/${Math.trunc(p.at)}`)) lost.add(monthOf(p.at))
  }
  return lost
}

function firstAndLastByMonth(points: Point[]): Point[] {
  const first = new Map<number, Point>()
  const last = new Map<number, Point>()
  for (const point of points) {
    const month = monthOf(point.at)
    if (!first.has(month)) first.set(month, point)
    last.set(month, point)
  }
  return [...first.values(), ...last.values()]
}

/** toYYYYMM in UTC, the partition of a point. */
function monthOf(epochMs: number): number {
  const date = new Date(epochMs)
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
}

function samplePoints({ workspace, samples }: Block): Point[] {
  return Array.from(samples.series, (series, i) => ({ workspace, series, at: samples.at[i] as number }))
}

function histogramPoints({ workspace, histograms }: Block): Point[] {
  return histograms.map(({ series, at }) => ({ workspace, series, at }))
}

function onlySamplesOf(block: Block, months: ReadonlySet<number>): Block {
  const { series, at, start, value } = block.samples
  const keeps = (_: unknown, i: number) => months.has(monthOf(at[i] as number))
  const samples = {
    series: series.filter(keeps),
    at: at.filter(keeps),
    start: start.filter(keeps),
    value: value.filter(keeps),
  }
  return { ...emptyBlock(block.workspace), samples }
}

function onlyHistogramsOf(block: Block, months: ReadonlySet<number>): Block {
  return { ...emptyBlock(block.workspace), histograms: block.histograms.filter((row) => months.has(monthOf(row.at))) }
}
