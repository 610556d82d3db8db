import type { LoadShape } from './tenant-load.ts'

/** How long the faults last and how much is sent meanwhile. */
export interface OverloadPlan {
  /** ClickHouse stands still for so long, and is then away for so long. */
  clickhouseMs: number
  redisMs: number
  diskMs: number
  floodMs: number
  /** Before and after a fault. */
  calmMs: number
  load: LoadShape
  /** NINES_STREAM_MAX_BYTES. */
  streamMaxBytes: number
  /** Whether the outage of ClickHouse is long enough that somebody must have been told to wait. */
  fillsStream: boolean
}

const MIB = 1024 * 1024

/** The real thing: five minutes without ClickHouse, twice. */
export const LONG: OverloadPlan = {
  clickhouseMs: 300_000,
  redisMs: 60_000,
  diskMs: 60_000,
  floodMs: 30_000,
  calmMs: 10_000,
  load: { maxRows: 50, maxPauseMs: 150 },
  streamMaxBytes: 24 * MIB,
  fillsStream: true,
}

/** For CI: the same steps in little more than a minute. */
export const SHORT: OverloadPlan = {
  clickhouseMs: 5_000,
  redisMs: 2_000,
  diskMs: 3_000,
  floodMs: 4_000,
  calmMs: 1_500,
  load: { maxRows: 50, maxPauseMs: 100 },
  streamMaxBytes: 1 * MIB,
  fillsStream: false,
}
