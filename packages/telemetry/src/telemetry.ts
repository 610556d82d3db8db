import { Readable } from 'node:stream'
import { ClickHouseLogLevel, createClient, type ClickHouseClient, type ClickHouseSettings } from '@clickhouse/client'
import { toNinesError } from './clickhouse-errors.ts'
import { Gathering } from './gathering.ts'
import { readNative, type NativeResult } from './native/native-reader.ts'
import type { NativeWriter } from './native/native-writer.ts'
import { limitSettings, type QueryLimits } from './query-limits.ts'

export interface TelemetryOptions {
  /** ClickHouse's HTTP URL, credentials included. */
  url: string
  database: string
  /** How long one request may take. Default 120 s: above every query's own limit, so that the server's answer is seen. */
  requestTimeoutMs?: number
}

type Parameters = Record<string, unknown>

/** Handle of the telemetry store. Functions of this package take it; `close` releases its connections. */
export class Telemetry {
  readonly database: string
  /** Reads of this handle are made together with others that are asked for at the same time. */
  readonly gathering: Gathering<Telemetry> | undefined
  readonly #options: TelemetryOptions
  readonly #client: ClickHouseClient

  constructor(options: TelemetryOptions, gatheredOf?: Telemetry) {
    this.database = options.database
    this.gathering = gatheredOf && new Gathering(gatheredOf)
    this.#options = options
    this.#client = gatheredOf ? gatheredOf.#client : openClient(options)
  }

  /**
   * A handle on the same connections for many readers that run beside each other: what they ask for at the same time,
   * alike but for the series or the SLO, is asked as one. It needs no close of its own.
   */
  gathered(): Telemetry {
    return new Telemetry(this.#options, this)
  }

  /** Rejects with `unavailable` when ClickHouse does not answer a trivial query. */
  async ping(): Promise<void> {
    await this.rows('SELECT 1 AS one')
  }

  /** Runs a statement without a result. */
  async command(sql: string, parameters: Parameters = {}, settings: ClickHouseSettings = {}): Promise<void> {
    await this.#translating(() =>
      this.#client.command({ query: sql, query_params: parameters, clickhouse_settings: settings }),
    )
  }

  /** Rows of a small result as objects. 64-bit integers arrive as decimal text. */
  async rows<T>(sql: string, parameters: Parameters = {}, limits: QueryLimits = {}): Promise<T[]> {
    return this.#translating(async () => {
      const result = await this.#client.query({
        query: sql,
        query_params: parameters,
        format: 'JSONEachRow',
        ...(limits.signal && { abort_signal: limits.signal }),
        clickhouse_settings: { ...limitSettings(limits), output_format_json_quote_64bit_integers: 1 },
      })
      return result.json<T>()
    })
  }

  /** A result of many rows as columns. */
  async columns(sql: string, parameters: Parameters = {}, limits: QueryLimits = {}): Promise<NativeResult> {
    return this.#translating(async () => {
      const { stream } = await this.#client.exec({
        query: `${sql}\nFORMAT Native`,
        query_params: parameters,
        ...(limits.signal && { abort_signal: limits.signal }),
        // The server answers only when the result is complete, so that an error is a status and never half a result.
        clickhouse_settings: { ...limitSettings(limits), wait_end_of_query: 1 },
      })
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk as Buffer)
      return readNative(Buffer.concat(chunks))
    })
  }

  /** Sends the rows of one block to a table. */
  async insert(table: string, rows: NativeWriter, settings: ClickHouseSettings): Promise<void> {
    await this.#translating(async () => {
      const { stream } = await this.#client.exec({
        query: `INSERT INTO ${table} (${rows.columnNames.join(', ')}) FORMAT Native`,
        values: Readable.from(rows.finish(), { objectMode: false }),
        clickhouse_settings: settings,
      })
      for await (const _chunk of stream) continue
    })
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  async #translating<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      throw toNinesError(error)
    }
  }
}

function openClient({ url, database, requestTimeoutMs = 120_000 }: TelemetryOptions): ClickHouseClient {
  return createClient({ url, database, request_timeout: requestTimeoutMs, log: { level: ClickHouseLogLevel.OFF } })
}

/** Opens the telemetry store. Connects at the first query, so a store that is away is no error here. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  return new Telemetry(options)
}
