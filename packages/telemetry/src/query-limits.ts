import type { ClickHouseSettings } from '@clickhouse/client'

/** Bounds of one query; every query has them. Going beyond is an error (`too_large`), never a shorter result. */
export interface QueryLimits {
  maxSeconds?: number
  maxMemoryBytes?: number
  maxRowsToRead?: number
}

const DEFAULTS: Required<QueryLimits> = {
  maxSeconds: 30,
  maxMemoryBytes: 2 * 1024 ** 3,
  maxRowsToRead: 200_000_000,
}

export function limitSettings(limits: QueryLimits): ClickHouseSettings {
  const { maxSeconds, maxMemoryBytes, maxRowsToRead } = { ...DEFAULTS, ...limits }
  return {
    max_execution_time: maxSeconds,
    max_memory_usage: String(maxMemoryBytes),
    max_rows_to_read: String(maxRowsToRead),
    // Lists of series ids stand in the statement itself.
    max_query_size: String(4 * 1024 * 1024),
  }
}
