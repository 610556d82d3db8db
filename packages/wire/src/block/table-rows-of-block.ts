import type { MemoryPool } from '../columns/memory-pool.ts'
import type { Labels, SeriesDefinition } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { ColumnTable, TableName } from '../columns/column-table.ts'
import type { ByteStream } from '../columns/byte-stream.ts'
import { TableBuilder, type ColumnBuilder } from '../columns/table-builder.ts'
import type { Exemplar } from '../metrics/exemplar.ts'
import { isStaleAt, STALE_HIGH, STALE_LOW } from '../metrics/stale-marker.ts'
import type { Block, ExponentialHistogramRow, HistogramRow, SampleColumns } from './block.ts'
import { sortedNames } from '../series/sorted-names.ts'
import { TABLE_COLUMNS } from './table-columns.ts'

type TablesOf = typeof TABLE_COLUMNS
/** A builder for each table. */
export type TableBuilders = { [T in TableName]: TableBuilder<TablesOf[T]> }

/** An empty builder of the table's columns. */
export function tableBuilder<T extends TableName>(name: T, memory?: MemoryPool): TableBuilders[T] {
  return new TableBuilder<TablesOf[T]>(name, TABLE_COLUMNS[name], memory) as unknown as TableBuilders[T]
}

/** The block's rows table by table, made from its row members where it does not hold them as columns already. */
export function tablesOf(block: Block): ReadonlyMap<TableName, ColumnTable> {
  if (block.tables) return block.tables
  const built = [
    seriesTable(block.series),
    samplesTable(block.samples),
    histogramsTable(block.histograms),
    exponentialHistogramsTable(block.exponentialHistograms ?? []),
  ]
  return new Map(built.filter((table) => table.rows > 0).map((table) => [table.name, table]))
}

export type SeriesTableBuilder = TableBuilders['series']

export function addSeriesRow(builder: SeriesTableBuilder, id: bigint, definition: Omit<SeriesDefinition, 'id'>): void {
  const { column } = builder
  column.metric.values.text(definition.metric)
  column.series.values.bigint64(id)
  addLabels(column.labels, definition.labels)
  column.kind.values.text(definition.kind)
  column.temporality.values.text(definition.temporality)
  column.monotonic.values.uint8(definition.monotonic ? 1 : 0)
  column.unit.values.text(definition.unit)
  column.description.values.text(definition.description)
  builder.endRow()
}

export type HistogramsTableBuilder = TableBuilders['histograms']

export function addHistogramRow(builder: HistogramsTableBuilder, row: HistogramRow): void {
  const { column } = builder
  if (row.bucketCounts.length !== row.bounds.length + 1)
    throw new NinesError(
      'internal',
      `a histogram row has ${row.bucketCounts.length} buckets for ${row.bounds.length} bounds`,
    )
  column.series.values.bigint64(row.series)
  column.at.values.integer64(row.at)
  column.start.values.integer64(row.start)
  column.count.values.integer64(row.count)
  addSum(column.sum.values, row)
  column.min.values.float64(row.min)
  column.max.values.float64(row.max)
  for (const bound of row.bounds) column.bounds.values.float64(bound)
  column.bounds.endRow(row.bounds.length)
  for (const count of row.bucketCounts) column.bucket_counts.values.integer64(count)
  column.bucket_counts.endRow(row.bucketCounts.length)
  builder.endRow()
}

export type ExponentialHistogramsTableBuilder = TableBuilders['exponential_histograms']

export function addExponentialHistogramRow(
  builder: ExponentialHistogramsTableBuilder,
  row: ExponentialHistogramRow,
): void {
  const { column } = builder
  column.series.values.bigint64(row.series)
  column.at.values.integer64(row.at)
  column.start.values.integer64(row.start)
  column.count.values.float64(row.count)
  addSum(column.sum.values, row)
  column.min.values.float64(row.min)
  column.max.values.float64(row.max)
  column.scale.values.uint8(row.scale & 0xff)
  column.zero_threshold.values.float64(row.zeroThreshold)
  column.zero_count.values.float64(row.zeroCount)
  column.positive_offset.values.int32(row.positiveOffset)
  for (const count of row.positiveCounts) column.positive_counts.values.float64(count)
  column.positive_counts.endRow(row.positiveCounts.length)
  column.negative_offset.values.int32(row.negativeOffset)
  for (const count of row.negativeCounts) column.negative_counts.values.float64(count)
  column.negative_counts.endRow(row.negativeCounts.length)
  builder.endRow()
}

export type ExemplarsTableBuilder = TableBuilders['exemplars']

export function addExemplarRow(builder: ExemplarsTableBuilder, series: bigint, exemplar: Exemplar): void {
  const { column } = builder
  column.series.values.bigint64(series)
  column.at.values.integer64(exemplar.at)
  column.value.values.float64(exemplar.value)
  if (exemplar.traceId) column.trace_id.values.copy(exemplar.traceId)
  else column.trace_id.values.zeros(16)
  if (exemplar.spanId) column.span_id.values.copy(exemplar.spanId)
  else column.span_id.values.zeros(8)
  addLabels(column.labels, exemplar.labels)
  builder.endRow()
}

/** Sorted by name, as the tables have them. */
function addLabels(column: ColumnBuilder, labels: Labels): void {
  const names = sortedNames(labels)
  const { values, mapValues } = column
  for (const name of names) {
    values.text(name)
    mapValues.text(labels[name]!)
  }
  column.endRow(names.length)
}

function addSum(values: ByteStream, { sum, isStale }: { sum: number; isStale?: boolean }): void {
  if (isStale) values.word64(STALE_LOW, STALE_HIGH)
  else values.float64(sum)
}

function seriesTable(definitions: readonly SeriesDefinition[]): ColumnTable {
  const builder = tableBuilder('series')
  for (const definition of definitions) addSeriesRow(builder, BigInt(definition.id), definition)
  return builder.finish()
}

function samplesTable({ series, at, start, value }: SampleColumns): ColumnTable {
  if (at.length !== series.length || start.length !== series.length || value.length !== series.length)
    throw new NinesError('internal', 'a block was built with sample columns of different lengths')
  const builder = tableBuilder('samples')
  const { column } = builder
  for (let i = 0; i < series.length; i++) {
    column.series.values.bigint64(series[i]!)
    column.at.values.integer64(at[i]!)
    column.start.values.integer64(start[i]!)
    if (isStaleAt(value, i)) column.value.values.word64(STALE_LOW, STALE_HIGH)
    else column.value.values.float64(value[i]!)
    builder.endRow()
  }
  return builder.finish()
}

function histogramsTable(rows: readonly HistogramRow[]): ColumnTable {
  const builder = tableBuilder('histograms')
  for (const row of rows) addHistogramRow(builder, row)
  return builder.finish()
}

function exponentialHistogramsTable(rows: readonly ExponentialHistogramRow[]): ColumnTable {
  const builder = tableBuilder('exponential_histograms')
  for (const row of rows) addExponentialHistogramRow(builder, row)
  return builder.finish()
}
