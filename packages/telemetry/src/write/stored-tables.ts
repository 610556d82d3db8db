import type { Retention, TableName } from '@nines/wire'

/** What the store must know of a table that blocks carry rows for, besides its columns. */
export interface StoredTable {
  /** Which of a workspace's retentions its rows have. */
  signal: keyof Retention
  /** See TableRows. */
  repeatsCollapseBy: 'token' | 'engine'
  /** Length of the partitions by `at`; with the retention it makes the partition. */
  partition: 'day' | 'week' | 'none'
  /** Columns that tell rows apart, as far as it takes to say whether a row is there. */
  identity: readonly string[]
}

const POINTS: StoredTable = {
  signal: 'metrics',
  repeatsCollapseBy: 'token',
  partition: 'week',
  identity: ['series', 'at'],
}

export const STORED_TABLES: Readonly<Record<TableName, StoredTable>> = {
  series: { signal: 'metrics', repeatsCollapseBy: 'engine', partition: 'none', identity: [] },
  samples: POINTS,
  histograms: POINTS,
  exponential_histograms: POINTS,
  exemplars: { ...POINTS, identity: ['series', 'at', 'trace_id', 'span_id'] },
  logs: {
    signal: 'logs',
    repeatsCollapseBy: 'token',
    partition: 'day',
    identity: ['at', 'service', 'trace_id', 'span_id', 'body'],
  },
  spans: { signal: 'traces', repeatsCollapseBy: 'token', partition: 'day', identity: ['at', 'trace_id', 'span_id'] },
}
