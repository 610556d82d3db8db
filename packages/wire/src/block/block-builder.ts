import type { CheckRun } from '@nines/contracts'
import type { ByteStream } from '../columns/byte-stream.ts'
import type { ColumnTable, TableName } from '../columns/column-table.ts'
import type { MemoryPool } from '../columns/memory-pool.ts'
import type { TableMark } from '../columns/table-builder.ts'
import type { Exemplar } from '../metrics/exemplar.ts'
import { STALE_HIGH, STALE_LOW } from '../metrics/stale-marker.ts'
import { ANNOUNCE_EVERY_MS, type CachedSeries } from '../series/cached-series.ts'
import type { SeriesBytes } from '../series/series-bytes.ts'
import { DEFAULT_RETENTION, type ExponentialHistogramRow, type HistogramRow, type Retention } from './block.ts'
import { TableBlock } from './table-block.ts'
import {
  addExemplarRow,
  addExponentialHistogramRow,
  addHistogramRow,
  addSeriesRow,
  tableBuilder,
  type TableBuilders,
} from './table-rows-of-block.ts'

/** A place in a builder to go back to. */
export interface BuilderMark {
  tables: ReadonlyMap<TableName, TableMark>
  checkRuns: number
  definitions: number
  confirmations: number
  hasStarts: boolean
}

export interface BlockBuilderOptions {
  retention?: Retention
  /** About how often the definition of a series is announced (default one hour; see CachedSeries.isDue). */
  announceEveryMs?: number
  /** Where its memory comes from and, with `release`, goes back to. */
  memory?: MemoryPool
}

/** Many samples of series that are announced already, as columns. */
export interface SampleBatch {
  count: number
  series: BigUint64Array
  /** Epoch ms. */
  at: BigInt64Array
  /** Epoch ms, 0 when unknown; null when unknown for all. */
  start: BigInt64Array | null
  value: Float64Array
}

const CHECK_RUN_BYTES = 400
/** Tells builders apart for the series whose definitions wait in them. */
let lastNumber = 0
const nextNumber = () => (lastNumber = (lastNumber + 1) >>> 0 || 1)

/** Collects rows of one workspace into columns until they are taken as a block. */
export class BlockBuilder {
  readonly workspace: number
  /** When the first row came, epoch ms. */
  readonly receivedAt: number
  readonly #retention: Retention
  readonly #announceEveryMs: number
  readonly #memory: MemoryPool | undefined
  readonly #tables: Partial<TableBuilders> = {}
  /** Whether any sample says when its series began; blocks without leave the column out. */
  #hasStarts = false
  #checkRuns: CheckRun[] = []
  readonly #number = nextNumber()
  readonly #definitions: CachedSeries[] = []
  #confirmations: (() => void)[] = []

  constructor(workspace: number, receivedAt: number, options: BlockBuilderOptions = {}) {
    this.workspace = workspace
    this.receivedAt = receivedAt
    this.#retention = options.retention ?? DEFAULT_RETENTION
    this.#announceEveryMs = options.announceEveryMs ?? ANNOUNCE_EVERY_MS
    this.#memory = options.memory
  }

  /** Rows collected, definitions not counted. */
  get rows(): number {
    let rows = this.#checkRuns.length
    for (const table of this.#builders()) if (table.name !== 'series') rows += table.rows
    return rows
  }

  /** About the size of the encoded block. */
  get bytes(): number {
    let bytes = this.#checkRuns.length * CHECK_RUN_BYTES
    for (const table of this.#builders()) bytes += table.bytes
    return bytes
  }

  /** The columns of a table, to write rows to. */
  table<T extends TableName>(name: T): TableBuilders[T] {
    const tables: Partial<Record<TableName, TableBuilders[TableName]>> = this.#tables
    return (tables[name] ??= tableBuilder(name, this.#memory)) as TableBuilders[T]
  }

  addSample(series: CachedSeries, at: number, start: number, value: number): void {
    const samples = this.table('samples')
    samples.column.series.values.word64(series.idLow, series.idHigh)
    samples.column.at.values.integer64(at)
    this.#addStart(start)
    samples.column.value.values.float64(value)
    samples.endRow()
    this.announce(series)
  }

  /** A sample whose value is given as the words of a double, so that every NaN stays the one it was. */
  addSampleWords(series: CachedSeries, at: number, start: number, low: number, high: number): void {
    const samples = this.table('samples')
    samples.column.series.values.word64(series.idLow, series.idHigh)
    samples.column.at.values.integer64(at)
    this.#addStart(start)
    samples.column.value.values.word64(low, high)
    samples.endRow()
    this.announce(series)
  }

  /** Says that the series has ended: a sample with the stale marker as its value. */
  addStaleSample(series: CachedSeries, at: number, start: number): void {
    this.addSampleWords(series, at, start, STALE_LOW, STALE_HIGH)
  }

  addSamples({ count, series, at, start, value }: SampleBatch): void {
    if (count === 0) return
    const samples = this.table('samples')
    samples.column.series.values.copy(bytesOf(series, count))
    samples.column.at.values.copy(bytesOf(at, count))
    if (start) this.#startStream().copy(bytesOf(start, count))
    samples.column.value.values.copy(bytesOf(value, count))
    samples.rows += count
  }

  addHistogram(series: CachedSeries, row: Omit<HistogramRow, 'series'>): void {
    addHistogramRow(this.table('histograms'), { series: series.id, ...row })
    this.announce(series)
  }

  addExponentialHistogram(series: CachedSeries, row: Omit<ExponentialHistogramRow, 'series'>): void {
    addExponentialHistogramRow(this.table('exponential_histograms'), { series: series.id, ...row })
    this.announce(series)
  }

  addExemplar(series: CachedSeries, exemplar: Exemplar): void {
    addExemplarRow(this.table('exemplars'), series.id, exemplar)
    this.announce(series)
  }

  addCheckRun(run: CheckRun): void {
    this.#checkRuns.push(run)
  }

  /** Puts the definition of a series into the block unless it was announced lately or stands in it already. */
  announce(series: CachedSeries): void {
    const { definition } = series
    if (definition && this.#takeOn(series)) addSeriesRow(this.table('series'), series.id, definition)
  }

  /** The same for a series whose definition is there in bytes. */
  announceBytes(series: CachedSeries, definition: SeriesBytes): void {
    if (this.#takeOn(series)) definition.addTo(this.table('series'), series.idLow, series.idHigh)
  }

  /** To be run once the block is in the stream, and never when it is not. */
  onConfirm(run: () => void): void {
    this.#confirmations.push(run)
  }

  mark(): BuilderMark {
    return {
      tables: new Map(this.#builders().map((table) => [table.name, table.mark()])),
      checkRuns: this.#checkRuns.length,
      definitions: this.#definitions.length,
      confirmations: this.#confirmations.length,
      hasStarts: this.#hasStarts,
    }
  }

  /** Takes back everything that was added since the mark. */
  rollback(mark: BuilderMark): void {
    for (const table of this.#builders()) {
      const before = mark.tables.get(table.name)
      if (before) table.rollback(before)
      else delete this.#tables[table.name]
    }
    this.#checkRuns.length = mark.checkRuns
    this.#confirmations.length = mark.confirmations
    this.#hasStarts = mark.hasStarts
    for (const series of this.#definitions.splice(mark.definitions)) series.setPendingIn(0)
  }

  /** The block of everything collected. The builder is not to be used for more rows afterwards. */
  finish(): TableBlock {
    if (this.#hasStarts) this.#startStream()
    const tables = this.#builders()
      .filter((table) => table.rows > 0)
      .map((table) => this.#withoutEmptyStarts(table.finish()))
    return new TableBlock({
      workspace: this.workspace,
      receivedAt: this.receivedAt,
      retention: this.#retention,
      tables: new Map(tables.map((table) => [table.name, table])),
      checkRuns: this.#checkRuns,
      slices: [],
    })
  }

  /** Gives its memory back, once nobody looks at the block any more. */
  release(): void {
    for (const table of this.#builders()) table.release()
  }

  /**
   * To be called once the block is in the stream: only then do its definitions count as announced. Until then every
   * block with such a series carries the definition, so that losing one block never leaves rows without a name.
   */
  confirm(): void {
    for (const series of this.#definitions) series.announced(this.receivedAt)
    for (const run of this.#confirmations) run()
  }

  /** Whether the definition is to be put into the block, which is noted. */
  #takeOn(series: CachedSeries): boolean {
    if (series.isPendingIn(this.#number) || !series.isDue(this.receivedAt, this.#announceEveryMs)) return false
    series.setPendingIn(this.#number)
    this.#definitions.push(series.withoutDefinition())
    return true
  }

  #addStart(start: number): void {
    if (start !== 0) this.#startStream().integer64(start)
  }

  /** The stream of starts up to the next row: rows without one get their zero only when one with comes. */
  #startStream(): ByteStream {
    const { rows, column } = this.table('samples')
    const stream = column.start.values
    stream.zeros(8 * rows - stream.length)
    this.#hasStarts = true
    return stream
  }

  #builders(): TableBuilders[TableName][] {
    return Object.values(this.#tables)
  }

  #withoutEmptyStarts(table: ColumnTable): ColumnTable {
    if (table.name !== 'samples' || this.#hasStarts) return table
    return { ...table, columns: table.columns.filter((column) => column.name !== 'start') }
  }
}

function bytesOf(column: BigUint64Array | BigInt64Array | Float64Array, count: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, 8 * count)
}
