import type { ClickHouseSettings } from '@clickhouse/client'

/** Bounds of one query; every query has them. Going beyond is an error (`too_large`), never a shorter result. */
export interface QueryLimits {
  maxSeconds?: number
  maxMemoryBytes?: number
  maxRowsToRead?: number
  maxResultRows?: number
  /** Ends the query: nobody waits for its answer any more. */
  signal?: AbortSignal
}

const DEFAULTS: Required<Omit<QueryLimits, 'signal'>> = {
  maxSeconds: 30,
  maxMemoryBytes: 2 * 1024 ** 3,
  maxRowsToRead: 200_000_000,
  maxResultRows: 20_000_000,
}

export function limitSettings(limits: QueryLimits): ClickHouseSettings {
  const { maxSeconds, maxMemoryBytes, maxRowsToRead, maxResultRows } = { ...DEFAULTS, ...limits }
  return {
    max_execution_time: maxSeconds,
    max_memory_usage: String(maxMemoryBytes),
    max_rows_to_read: String(maxRowsToRead),
    max_result_rows: String(maxResultRows),
    result_overflow_mode: 'throw',
    // A query whose client hung up ends. The embedded server does so by itself.
    cancel_http_readonly_queries_on_client_close: 1,
    // Lists of series ids stand in the statement itself.
    max_query_size: String(4 * 1024 * 1024),
  }
}
