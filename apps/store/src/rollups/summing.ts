import { rollUp1h, rollUp5m, rollUpEdges, rollUpServices, storedFiveMinutes, type Telemetry } from '@nines/telemetry'
import type { Summing } from './rollup-keeper.ts'

/** Sums of a shard's workspaces as ClickHouse computes them. */
export function summingIn(telemetry: Telemetry, shardCount: number): Summing {
  const of = (index: number, range: { from: number; to: number }) => ({
    ...range,
    shards: { count: shardCount, index },
  })
  return {
    async fiveMinutes(shard, range) {
      await rollUp5m(telemetry, of(shard, range))
      await rollUpServices(telemetry, of(shard, range))
    },
    hours: async (shard, range) => rollUp1h(telemetry, of(shard, range)),
    edges: async (shard, range) => rollUpEdges(telemetry, of(shard, range)),
    storedBuckets: async (shard) => storedFiveMinutes(telemetry, { count: shardCount, index: shard }),
  }
}
