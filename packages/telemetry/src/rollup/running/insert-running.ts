import type { ClickHouseSettings } from '@clickhouse/client'
import { NativeWriter } from '../../native/native-writer.ts'
import type { Telemetry } from '../../telemetry.ts'
import type { BucketChunk } from './bucket-rows.ts'
import type { ClosedStretch } from './running-rollups.ts'

/** A repeat replaces itself: no token is needed. */
const SETTINGS: ClickHouseSettings = {
  insert_deduplicate: 0,
  async_insert: 0,
  max_threads: 1,
  max_insert_threads: '1',
  distributed_foreground_insert: 1,
  max_insert_block_size: '100000000',
  min_insert_block_size_rows: '0',
  min_insert_block_size_bytes: '0',
  max_partitions_per_insert_block: '0',
}

/** Writes closed buckets to rollup_5m, with the revision that every later computation replaces. */
export async function insertRunningBuckets(telemetry: Telemetry, chunks: readonly BucketChunk[]): Promise<void> {
  const rowCount = chunks.reduce((sum, { rows }) => sum + rows, 0)
  if (rowCount === 0) return
  const parts = (bytesOf: (chunk: BucketChunk) => ArrayBufferView) => chunks.map((chunk) => bufferOf(bytesOf(chunk)))
  const rows = new NativeWriter(rowCount)
    .joined(
      'workspace',
      'UInt32',
      parts(({ workspace, rows }) => workspace.subarray(0, rows)),
    )
    .joined(
      'retention',
      'UInt16',
      parts(({ retention, rows }) => retention.subarray(0, rows)),
    )
    .joined(
      'series',
      'UInt64',
      parts(({ series, rows }) => series.subarray(0, 2 * rows)),
    )
    .joined(
      'at',
      'DateTime64(3)',
      parts(({ at, rows }) => words64(at, rows)),
    )
    .joined('last_bits', 'UInt64', parts(lastBits))
    .joined(
      'last_at',
      'DateTime64(3)',
      parts(({ lastAt, rows }) => words64(lastAt, rows)),
    )
    .joined(
      'min',
      'Float64',
      parts(({ min, rows }) => min.subarray(0, rows)),
    )
    .joined(
      'max',
      'Float64',
      parts(({ max, rows }) => max.subarray(0, rows)),
    )
    .joined(
      'sum',
      'Float64',
      parts(({ sum, rows }) => sum.subarray(0, rows)),
    )
    .joined(
      'count',
      'UInt32',
      parts(({ count, rows }) => count.subarray(0, rows)),
    )
    .joined(
      'increase',
      'Float64',
      parts(({ increase, rows }) => increase.subarray(0, rows)),
    )
    .joined(
      'revision',
      'UInt64',
      parts(({ rows }) => Buffer.alloc(8 * rows)),
    )
  await telemetry.insert('rollup_5m', rows, SETTINGS)
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
function lastBits({ last, max, rows }: BucketChunk): Uint32Array {
  const [a, b] = [bitsOf(last), bitsOf(max)]
  const bits = new Uint32Array(2 * rows)
  for (let i = 0; i < bits.length; i++) bits[i] = a[i]! ^ b[i]!
  return bits
}

function bitsOf({ buffer, byteOffset, length }: Float64Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, 2 * length)
}

/** Epoch ms as 64-bit words; they are neither negative nor beyond 2^53. */
function words64(times: Float64Array, rows: number): Uint32Array {
  const words = new Uint32Array(2 * rows)
  for (let i = 0; i < rows; i++) {
    words[2 * i] = times[i]!
    words[2 * i + 1] = times[i]! / 0x1_0000_0000
  }
  return words
}

function bufferOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}
