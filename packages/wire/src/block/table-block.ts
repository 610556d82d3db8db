import type { CheckRun, SeriesDefinition, SeriesKind, Slice, Temporality } from '@nines/contracts'
import {
  readBigUints,
  readFloatArrays,
  readFloats,
  readIntegerArrays,
  readIntegers,
  readMaps,
  readTexts,
  requireColumn,
} from '../columns/column-reader.ts'
import { columnOf, type ColumnTable, type TableName } from '../columns/column-table.ts'
import { isStaleAt } from '../metrics/stale-marker.ts'
import type { Block, ExponentialHistogramRow, HistogramRow, Retention, SampleColumns } from './block.ts'

export interface BlockContent {
  workspace: number
  receivedAt: number
  retention: Retention
  tables: ReadonlyMap<TableName, ColumnTable>
  checkRuns: CheckRun[]
  slices: Slice[]
}

/** A block whose rows are columns; rows are read from them when somebody asks, and then kept. */
export class TableBlock implements Block {
  readonly workspace: number
  readonly receivedAt: number
  readonly retention: Retention
  readonly tables: ReadonlyMap<TableName, ColumnTable>
  readonly checkRuns: CheckRun[]
  readonly slices: Slice[]
  #series: SeriesDefinition[] | undefined
  #samples: SampleColumns | undefined
  #histograms: HistogramRow[] | undefined
  #exponentialHistograms: ExponentialHistogramRow[] | undefined

  constructor({ workspace, receivedAt, retention, tables, checkRuns, slices }: BlockContent) {
    this.workspace = workspace
    this.receivedAt = receivedAt
    this.retention = retention
    this.tables = tables
    this.checkRuns = checkRuns
    this.slices = slices
  }

  get series(): SeriesDefinition[] {
    return (this.#series ??= seriesOf(this.tables.get('series')))
  }

  get samples(): SampleColumns {
    return (this.#samples ??= samplesOf(this.tables.get('samples')))
  }

  get histograms(): HistogramRow[] {
    return (this.#histograms ??= histogramsOf(this.tables.get('histograms')))
  }

  get exponentialHistograms(): ExponentialHistogramRow[] {
    return (this.#exponentialHistograms ??= exponentialHistogramsOf(this.tables.get('exponential_histograms')))
  }
}

function samplesOf(table: ColumnTable | undefined): SampleColumns {
  if (!table)
    return {
      series: new BigUint64Array(0),
      at: new Float64Array(0),
      start: new Float64Array(0),
      value: new Float64Array(0),
    }
  const start = columnOf(table, 'start')
  return {
    series: bigints(table, 'series'),
    at: instants(table, 'at'),
    // No sender of the block said when its series began.
    start: start ? readIntegers(start.streams[0]!) : new Float64Array(table.rows),
    value: floats(table, 'value'),
  }
}

function seriesOf(table: ColumnTable | undefined): SeriesDefinition[] {
  if (!table) return []
  const ids = bigints(table, 'series')
  const metric = texts(table, 'metric')
  const kind = texts(table, 'kind')
  const temporality = texts(table, 'temporality')
  const monotonic = requireColumn(table, 'monotonic', 'Bool').streams[0]!
  const unit = texts(table, 'unit')
  const description = texts(table, 'description')
  const labels = readMaps(requireColumn(table, 'labels', 'Map(String, String)'))
  return Array.from(ids, (id, i) => ({
    id: id.toString(),
    metric: metric[i]!,
    kind: kind[i] as SeriesKind,
    temporality: temporality[i] as Temporality,
    monotonic: monotonic[i] !== 0,
    unit: unit[i]!,
    description: description[i]!,
    labels: Object.fromEntries(labels[i]!),
  }))
}

function histogramsOf(table: ColumnTable | undefined): HistogramRow[] {
  if (!table) return []
  const points = pointColumns(table)
  const count = readIntegers(requireColumn(table, 'count', 'UInt64').streams[0]!)
  const bounds = readFloatArrays(requireColumn(table, 'bounds', 'Array(Float64)'))
  const bucketCounts = readIntegerArrays(requireColumn(table, 'bucket_counts', 'Array(UInt64)'))
  return Array.from({ length: table.rows }, (_, i) => ({
    ...points(i),
    count: count[i]!,
    bounds: bounds[i]!,
    bucketCounts: bucketCounts[i]!,
  }))
}

function exponentialHistogramsOf(table: ColumnTable | undefined): ExponentialHistogramRow[] {
  if (!table) return []
  const points = pointColumns(table)
  const count = floats(table, 'count')
  const scale = requireColumn(table, 'scale', 'Int8').streams[0]!
  const zeroThreshold = floats(table, 'zero_threshold')
  const zeroCount = floats(table, 'zero_count')
  const positiveOffset = requireColumn(table, 'positive_offset', 'Int32').streams[0]!
  const negativeOffset = requireColumn(table, 'negative_offset', 'Int32').streams[0]!
  const positiveCounts = readFloatArrays(requireColumn(table, 'positive_counts', 'Array(Float64)'))
  const negativeCounts = readFloatArrays(requireColumn(table, 'negative_counts', 'Array(Float64)'))
  return Array.from({ length: table.rows }, (_, i) => ({
    ...points(i),
    count: count[i]!,
    scale: scale.readInt8(i),
    zeroThreshold: zeroThreshold[i]!,
    zeroCount: zeroCount[i]!,
    positiveOffset: positiveOffset.readInt32LE(4 * i),
    positiveCounts: positiveCounts[i]!,
    negativeOffset: negativeOffset.readInt32LE(4 * i),
    negativeCounts: negativeCounts[i]!,
  }))
}

/** What both kinds of histograms have in common, by row. */
function pointColumns(table: ColumnTable) {
  const series = bigints(table, 'series')
  const at = instants(table, 'at')
  const start = instants(table, 'start')
  const [sum, min, max] = [floats(table, 'sum'), floats(table, 'min'), floats(table, 'max')]
  return (i: number) => ({
    ...(isStaleAt(sum, i) && { isStale: true }),
    series: series[i]!,
    at: at[i]!,
    start: start[i]!,
    sum: sum[i]!,
    min: min[i]!,
    max: max[i]!,
  })
}

function bigints(table: ColumnTable, name: string): BigUint64Array {
  return readBigUints(requireColumn(table, name, 'UInt64').streams[0]!)
}

function floats(table: ColumnTable, name: string): Float64Array {
  return readFloats(requireColumn(table, name, 'Float64').streams[0]!)
}

function instants(table: ColumnTable, name: string): Float64Array {
  return readIntegers(requireColumn(table, name, 'DateTime64(3)').streams[0]!)
}

function texts(table: ColumnTable, name: string): string[] {
  return readTexts(requireColumn(table, name, 'String').streams[0]!, table.rows)
}
