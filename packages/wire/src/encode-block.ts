import { NinesError } from '@nines/kernel'
import type { Block, HistogramRow } from './block.ts'
import { columnBytes, HEADER_BYTES, writeHeader, type BlockHeader } from './block-format.ts'

const NONE = Buffer.alloc(0)

/** The bytes of a block (see block-format.ts). Throws NinesError 'internal' when its columns do not fit together. */
export function encodeBlock(block: Block): Buffer {
  assertColumns(block)
  const json = [block.series, block.checkRuns, block.slices].map((rows) =>
    rows.length === 0 ? NONE : Buffer.from(JSON.stringify(rows)),
  ) as [Buffer, Buffer, Buffer]
  const header: BlockHeader = {
    receivedAt: block.receivedAt,
    workspace: block.workspace,
    samples: block.samples.series.length,
    histograms: block.histograms.length,
    buckets: block.histograms.reduce((sum, row) => sum + row.bucketCounts.length, 0),
    seriesBytes: json[0].length,
    checkRunBytes: json[1].length,
    sliceBytes: json[2].length,
  }
  const jsonAt = HEADER_BYTES + columnBytes(header)
  const bytes = Buffer.from(new ArrayBuffer(jsonAt + json[0].length + json[1].length + json[2].length))
  writeHistograms(block.histograms, header.buckets, writeSamples(block, bytes), bytes)
  let offset = jsonAt
  for (const part of json) offset += part.copy(bytes, offset)
  writeHeader(bytes, header)
  return bytes
}

function writeSamples(block: Block, bytes: Buffer): number {
  let offset = HEADER_BYTES
  for (const column of Object.values(samplesInOrder(block))) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset)
    offset += column.byteLength
  }
  return offset
}

function samplesInOrder({ samples }: Block) {
  return [samples.series, samples.at, samples.start, samples.value] as const
}

const HISTOGRAM_COLUMNS = ['at', 'start', 'count', 'sum', 'min', 'max'] as const

function writeHistograms(rows: HistogramRow[], buckets: number, offset: number, bytes: Buffer): void {
  const n = rows.length
  if (n === 0) return
  const series = new BigUint64Array(bytes.buffer, offset, n)
  const columns = HISTOGRAM_COLUMNS.map((_, c) => new Float64Array(bytes.buffer, offset + 8 * n * (c + 1), n))
  const lengthsAt = offset + 56 * n
  const lengths = new Uint32Array(bytes.buffer, lengthsAt, n)
  const boundsAt = lengthsAt + 8 * Math.ceil(n / 2)
  const bounds = new Float64Array(bytes.buffer, boundsAt, buckets - n)
  const counts = new Float64Array(bytes.buffer, boundsAt + 8 * (buckets - n), buckets)
  let boundIndex = 0
  let countIndex = 0
  for (const [i, row] of rows.entries()) {
    series[i] = row.series
    for (const [c, name] of HISTOGRAM_COLUMNS.entries()) columns[c]![i] = row[name]
    lengths[i] = row.bucketCounts.length
    bounds.set(row.bounds, boundIndex)
    counts.set(row.bucketCounts, countIndex)
    boundIndex += row.bounds.length
    countIndex += row.bucketCounts.length
  }
}

function assertColumns({ samples, histograms, workspace }: Block): void {
  const n = samples.series.length
  if (samples.at.length !== n || samples.start.length !== n || samples.value.length !== n)
    throw new NinesError('internal', 'a block was built with sample columns of different lengths')
  if (!Number.isInteger(workspace) || workspace < 0 || workspace > 0xff_ff_ff_ff)
    throw new NinesError('internal', `a block was built for workspace ${workspace}, which is no 32-bit number`)
  for (const row of histograms)
    if (row.bucketCounts.length !== row.bounds.length + 1)
      throw new NinesError(
        'internal',
        `a histogram row has ${row.bucketCounts.length} buckets for ${row.bounds.length} bounds`,
      )
}
