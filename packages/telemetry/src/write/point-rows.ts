import type { Block } from '@nines/wire'
import { NativeWriter } from '../native/native-writer.ts'
import { workspaceColumn, type TableRows } from './table-rows.ts'

/** Samples of all blocks in the order of the blocks and of their rows. */
export function sampleRows(blocks: readonly Block[]): TableRows {
  const workspace = workspaceColumn(blocks, (block) => block.samples.series.length)
  const series = new BigUint64Array(workspace.length)
  const [at, start, value] = [0, 0, 0].map(() => new Float64Array(workspace.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  let position = 0
  for (const { samples } of blocks) {
    series.set(samples.series, position)
    at.set(samples.at, position)
    start.set(samples.start, position)
    value.set(samples.value, position)
    position += samples.series.length
  }
  const rows = new NativeWriter(workspace.length)
    .uint32('workspace', workspace)
    .uint64('series', series)
    .dateTime('at', at)
    .dateTime('start', start)
    .float64('value', value)
  return { table: 'samples', rows, repeatsCollapseBy: 'token' }
}

/** Histograms of all blocks in the order of the blocks and of their rows. */
export function histogramRows(blocks: readonly Block[]): TableRows {
  const all = blocks.flatMap((block) => block.histograms)
  const rows = new NativeWriter(all.length)
    .uint32(
      'workspace',
      workspaceColumn(blocks, (block) => block.histograms.length),
    )
    .uint64(
      'series',
      BigUint64Array.from(all, (row) => row.series),
    )
    .dateTime(
      'at',
      all.map((row) => row.at),
    )
    .dateTime(
      'start',
      all.map((row) => row.start),
    )
    .uint64FromNumbers(
      'count',
      all.map((row) => row.count),
    )
    .float64(
      'sum',
      Float64Array.from(all, (row) => row.sum),
    )
    .float64(
      'min',
      Float64Array.from(all, (row) => row.min),
    )
    .float64(
      'max',
      Float64Array.from(all, (row) => row.max),
    )
    .float64Arrays(
      'bounds',
      all.map((row) => row.bounds),
    )
    .uint64Arrays(
      'bucket_counts',
      all.map((row) => row.bucketCounts),
    )
  return { table: 'histograms', rows, repeatsCollapseBy: 'token' }
}
