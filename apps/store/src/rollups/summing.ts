import {
  closeStretch,
  informRollups,
  rollUp1h,
  rollUp5m,
  rollUpEdges,
  rollUpServices,
  storedFiveMinutes,
  storeRunningRows,
  type Telemetry,
} from '@nines/telemetry'
import type { Summing } from './rollup-keeper.ts'
import type { RunningShards } from './running-shards.ts'

/** Closed buckets that are worth an insert before they are asked for. */
const ROWS_WORTH_AN_INSERT = 50_000

export interface SummingOptions {
  shardCount: number
  /** Sums made while blocks were stored; without them everything is computed from stored rows. */
  running?: RunningShards
}

/** Sums of a shard's workspaces. */
export function summingIn(telemetry: Telemetry, { shardCount, running }: SummingOptions): Summing {
  const share = (index: number) => ({ count: shardCount, index })
  const of = (index: number, range: { from: number; to: number }) => ({ ...range, shards: share(index) })
  return {
    async prepare(shard, signal) {
      const rollups = running?.of(shard)
      if (!rollups) return
      await informRollups(telemetry, rollups, signal)
      if (rollups.rowCount >= ROWS_WORTH_AN_INSERT) await storeRunningRows(telemetry, rollups)
    },
    async fiveMinutes(shard, range) {
      const rollups = running?.of(shard)
      if (rollups) return closeStretch(telemetry, rollups, share(shard), range)
      await rollUp5m(telemetry, of(shard, range))
      await rollUpServices(telemetry, of(shard, range))
      return 'all'
    },
    hours: async (shard, range) => rollUp1h(telemetry, of(shard, range)),
    edges: async (shard, range) => rollUpEdges(telemetry, of(shard, range)),
    storedBuckets: async (shard) => storedFiveMinutes(telemetry, share(shard)),
  }
}
