import { createTelemetry, type Telemetry, type TelemetryOptions } from '@nines/telemetry'
import { benchMetrics, seriesIndexLabel } from '../load/series-labels.ts'
import type { DiskUse } from './target.ts'

/** What the load left in Nines' tables, asked of ClickHouse itself. The one place that knows their layout. */
export class StoredRows {
  readonly #telemetry: Telemetry

  constructor(options: TelemetryOptions) {
    this.#telemetry = createTelemetry(options)
  }

  /** Samples of the load's series; Nines' own metrics are left out. */
  async samples(): Promise<number> {
    return this.#count(`SELECT count() AS n FROM samples WHERE series IN (${OWN_SERIES})`, { metrics: benchMetrics })
  }

  /** Distinct series and times among them: with the right count of rows, each is there once. */
  async distinct(): Promise<{ series: number; times: number }> {
    const [row] = await this.#telemetry.rows<{ series: string; times: string }>(
      `SELECT uniqExact(series) AS series, uniqExact(at) AS times FROM samples WHERE series IN (${OWN_SERIES})`,
      { metrics: benchMetrics },
    )
    return { series: Number(row?.series ?? 0), times: Number(row?.times ?? 0) }
  }

  async rowsOf(table: string): Promise<number> {
    return this.#count(`SELECT count() AS n FROM ${table}`)
  }

  /** Ids of the load's series with these indexes, in their order. */
  async markerSeries(indexes: readonly number[]): Promise<string[]> {
    const names = indexes.map((index) => seriesIndexLabel(index))
    const rows = await this.#telemetry.rows<{ name: string; series: string }>(
      "SELECT labels['series_idx'] AS name, toString(any(series)) AS series FROM series WHERE name IN {names:Array(String)} GROUP BY name",
      { names },
    )
    const ids = new Map(rows.map((row) => [row.name, row.series]))
    return names.map((name) => ids.get(name) ?? '')
  }

  /** Time of the newest sample (epoch ms) of each of these series that has any. */
  async newestSamples(series: readonly string[]): Promise<Map<string, number>> {
    if (series.length === 0) return new Map()
    const rows = await this.#telemetry.rows<{ id: string; newest: string }>(
      'SELECT toString(series) AS id, toUnixTimestamp64Milli(max(at)) AS newest FROM samples WHERE series IN {series:Array(UInt64)} GROUP BY series',
      { series: series.map(BigInt) },
    )
    return new Map(rows.map((row) => [row.id, Number(row.newest)]))
  }

  /** Bytes of the active parts of every table. Parts that a merge has replaced go away by themselves. */
  async diskUse(): Promise<DiskUse> {
    const rows = await this.#telemetry.rows<{ table: string; bytes: string }>(
      'SELECT table, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table',
    )
    const parts = Object.fromEntries(rows.map((row) => [row.table, Number(row.bytes)]))
    return { bytes: Object.values(parts).reduce((sum, n) => sum + n, 0), parts }
  }

  async close(): Promise<void> {
    await this.#telemetry.close()
  }

  async #count(sql: string, parameters: Record<string, unknown> = {}): Promise<number> {
    const [row] = await this.#telemetry.rows<{ n: string }>(sql, parameters)
    return Number(row?.n ?? 0)
  }
}

const OWN_SERIES = 'SELECT series FROM series WHERE metric IN {metrics:Array(String)}'
