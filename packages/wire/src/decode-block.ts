import type { Block, HistogramRow, SampleColumns } from './block.ts'
import { columnBytes, HEADER_BYTES, HISTOGRAM_BYTES, malformed, readHeader, type BlockHeader } from './block-format.ts'

/**
 * The block that the bytes hold; inverse of encodeBlock. The columns are copies, so the bytes may be reused.
 * Throws NinesError 'invalid' for anything else: wrong magic or version, wrong length, wrong checksum.
 */
export function decodeBlock(bytes: Buffer): Block {
  const header = readHeader(bytes)
  // One aligned copy: typed arrays need multiples of eight, and a buffer from a socket starts anywhere.
  const columns = new ArrayBuffer(columnBytes(header))
  new Uint8Array(columns).set(bytes.subarray(HEADER_BYTES, HEADER_BYTES + columns.byteLength))
  const seriesAt = HEADER_BYTES + columns.byteLength
  const checkRunsAt = seriesAt + header.seriesBytes
  const slicesAt = checkRunsAt + header.checkRunBytes
  return {
    workspace: header.workspace,
    receivedAt: header.receivedAt,
    series: readJsonArray(bytes, seriesAt, checkRunsAt, 'series') as Block['series'],
    samples: readSamples(columns, header.samples),
    histograms: readHistograms(columns, header),
    checkRuns: readJsonArray(bytes, checkRunsAt, slicesAt, 'check runs') as Block['checkRuns'],
    slices: readJsonArray(bytes, slicesAt, bytes.length, 'slices') as Block['slices'],
  }
}

function readSamples(columns: ArrayBuffer, n: number): SampleColumns {
  return {
    series: new BigUint64Array(columns, 0, n),
    at: new Float64Array(columns, 8 * n, n),
    start: new Float64Array(columns, 16 * n, n),
    value: new Float64Array(columns, 24 * n, n),
  }
}

function readHistograms(columns: ArrayBuffer, { samples, histograms: n, buckets }: BlockHeader): HistogramRow[] {
  const offset = samples * 32
  const series = new BigUint64Array(columns, offset, n)
  const column = (index: number) => new Float64Array(columns, offset + 8 * n * index, n)
  const [at, start, count, sum, min, max] = [column(1), column(2), column(3), column(4), column(5), column(6)]
  const lengthsAt = offset + HISTOGRAM_BYTES * n
  const lengths = new Uint32Array(columns, lengthsAt, n)
  const boundsAt = lengthsAt + 8 * Math.ceil(n / 2)
  const bounds = new Float64Array(columns, boundsAt, buckets - n)
  const counts = new Float64Array(columns, boundsAt + 8 * (buckets - n), buckets)
  const rows: HistogramRow[] = []
  let bucketIndex = 0
  for (let i = 0; i < n; i++) {
    const length = lengths[i]!
    if (length < 1 || bucketIndex + length > buckets) throw malformed('its bucket lengths do not add up')
    rows.push({
      series: series[i]!,
      at: at[i]!,
      start: start[i]!,
      count: count[i]!,
      sum: sum[i]!,
      min: min[i]!,
      max: max[i]!,
      // Every row before this one had one bound less than buckets.
      bounds: Array.from(bounds.subarray(bucketIndex - i, bucketIndex - i + length - 1)),
      bucketCounts: Array.from(counts.subarray(bucketIndex, bucketIndex + length)),
    })
    bucketIndex += length
  }
  if (bucketIndex !== buckets) throw malformed('its bucket lengths do not add up')
  return rows
}

function readJsonArray(bytes: Buffer, from: number, to: number, what: string): unknown[] {
  if (from === to) return []
  try {
    const rows: unknown = JSON.parse(bytes.toString('utf8', from, to))
    if (Array.isArray(rows)) return rows
  } catch {
    // Falls through to the same answer as for JSON that is no array.
  }
  throw malformed(`its ${what} are not a JSON array`)
}
