import type { ClickHouseSettings } from '@clickhouse/client'
import { NativeWriter } from '../../native/native-writer.ts'
import type { Telemetry } from '../../telemetry.ts'
import { ONE_BLOCK } from '../../write/insert-settings.ts'
import { addBucketColumns } from '../encode-buckets.ts'
import { joinChunks, type BucketChunk } from './bucket-rows.ts'
import type { ClosedStretch } from './running-rollups.ts'

const SETTINGS: ClickHouseSettings = {
  ...ONE_BLOCK,
  // A repeat replaces itself: no token is needed.
  insert_deduplicate: 0,
  // Rows of an insert have different keys: to look for repeats in it took twice as long as all the rest of it.
  optimize_on_insert: 0,
}

/** Writes closed buckets to rollup_5m, with the revision that every later computation replaces. */
export async function insertRunningBuckets(telemetry: Telemetry, chunks: readonly BucketChunk[]): Promise<void> {
  const all = joinChunks(chunks)
  if (all.rows === 0) return
  const rows = new NativeWriter(all.rows)
    .uint32('workspace', all.workspace)
    .uint16('retention', all.retention)
    .joined('series', 'UInt64', [Buffer.from(all.series.buffer)])
    .dateTime('at', all.at)
    .joined('last_bits', 'UInt64', [Buffer.from(lastBits(all).buffer)])
    .uint32(
      'last_after',
      Uint32Array.from(all.at, (at, i) => all.lastAt[i]! - at),
    )
    .joined('revision', 'UInt64', [Buffer.alloc(8 * all.rows)])
  await telemetry.insert('rollup_5m', addBucketColumns(rows, all), SETTINGS)
}

/** Writes sums of services to service_rollup_1m, likewise. */
export async function insertRunningServices(telemetry: Telemetry, services: ClosedStretch['services']): Promise<void> {
  const minutes = services.flatMap(({ workspace, retention, minutes }) =>
    minutes.map((minute) => ({ ...minute, workspace, retention })),
  )
  if (minutes.length === 0) return
  const column = <T>(valueOf: (minute: (typeof minutes)[number]) => T) => minutes.map(valueOf)
  const rows = new NativeWriter(minutes.length)
    .uint32('workspace', Uint32Array.from(column(({ workspace }) => workspace)))
    .uint16('retention', Uint16Array.from(column(({ retention }) => retention)))
    .string(
      'metric',
      column(({ metric }) => metric),
    )
    .string(
      'service',
      column(({ service }) => service),
    )
    .string(
      'kind',
      column(() => 'sum'),
    )
    .dateTime(
      'at',
      column(({ at }) => at),
    )
    .uint32('series', Uint32Array.from(column(({ series }) => series)))
    .float64('increase', Float64Array.from(column(({ increase }) => increase)))
    .uint64FromNumbers(
      'revision',
      column(() => 0),
    )
  await telemetry.insert('service_rollup_1m', rows, SETTINGS)
}

/** The bits in which the last value differs from the maximum. */
function lastBits({ last, max, rows }: BucketChunk): Uint32Array<ArrayBuffer> {
  const [a, b] = [new Uint32Array(last.buffer), new Uint32Array(max.buffer)]
  const bits = new Uint32Array(2 * rows)
  for (let i = 0; i < bits.length; i++) bits[i] = a[i]! ^ b[i]!
  return bits
}
