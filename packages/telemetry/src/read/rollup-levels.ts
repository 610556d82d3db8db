const MINUTE_MS = 60_000

/**
 * Tables of one row a series and bucket. A row's `at` is the start of its bucket, and the bucket is the samples in
 * (at, at + width]: left open like the windows of queries, so that windows are made of whole buckets.
 */
export const SERIES_LEVELS = [
  { table: 'rollup_1h', width: 60 * MINUTE_MS },
  { table: 'rollup_5m', width: 5 * MINUTE_MS },
] as const
export type SeriesLevel = (typeof SERIES_LEVELS)[number]

/** The rows of services, a minute each. */
export const SERVICE_LEVEL = { table: 'service_rollup_1m', width: MINUTE_MS } as const

export type RollupTable = SeriesLevel['table'] | (typeof SERVICE_LEVEL)['table']

/**
 * Up to where each rollup of a workspace holds everything that the samples do, epoch ms; a table that is left out is not
 * read. Asked for once a query.
 */
export type RollupProgress = (workspace: number) => Promise<Partial<Record<RollupTable, number>>>

/** Nothing is rolled up: every query reads samples. */
export const NO_ROLLUPS: RollupProgress = async () => ({})
