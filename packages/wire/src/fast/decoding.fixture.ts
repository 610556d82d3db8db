import type { FastRows, MetricDecoder } from './metric-decoder.ts'
import { MissKind, readMiss, type Miss } from './miss.ts'
import { NOW } from './remote-write.fixture.ts'

export interface ReadRow {
  series: bigint
  at: number
  start: number
  bits: bigint
}

/** Copies of the rows, times as numbers and values as bits. */
export function rowsOf(rows: FastRows): ReadRow[] {
  const bits = new BigUint64Array(rows.value.buffer, rows.value.byteOffset, rows.count)
  return Array.from({ length: rows.count }, (_, i) => ({
    series: rows.series[i]!,
    at: Number(rows.at[i]!),
    start: Number(rows.start?.[i] ?? 0n),
    bits: bits[i]!,
  }))
}

export function missesOf(rows: FastRows): Miss[] {
  return Array.from({ length: rows.missCount }, (_, i) => readMiss(rows.misses, i))
}

export const kindsOf = (rows: FastRows) => missesOf(rows).map((miss) => miss.kind)

/** Learns every unknown series of a body, with ids from `firstId` on; returns how many there were. */
export function learnAll(decoder: MetricDecoder, rows: FastRows | null, firstId = 1n, nowMs = NOW): number {
  if (!rows) throw new Error('nothing was read')
  const keys = missesOf(rows).filter((miss) => miss.kind === MissKind.series)
  for (const [i, { key }] of keys.entries()) decoder.learn(key, firstId + BigInt(i), Math.floor(nowMs / 60_000))
  return keys.length
}
