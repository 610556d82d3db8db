import { askRedis, connectBlockStream } from './block-stream-connection.ts'
import { shardKeys } from './block-stream-keys.ts'

/** What is summed up from stored rows, bucket by bucket: five minutes and hours of samples, minutes of spans. */
export type BucketKind = 'fiveMinutes' | 'hours' | 'edges'

/** A stretch of time whose rows changed, by its start (epoch ms), and when that was noted last (Redis' clock, ms). */
export interface MarkedBucket {
  start: number
  markedAt: number
}

/**
 * Buckets of time whose sums are to be computed anew, kept where they outlive the process that noticed: they are marked
 * before the record that changed them is completed, so that a crash marks once too often and never forgets.
 */
export interface BucketBook {
  mark(shard: number, kind: BucketKind, starts: readonly number[]): Promise<void>
  marked(shard: number, kind: BucketKind): Promise<MarkedBucket[]>
  /** Takes buckets out that were not marked again since they were read. */
  settle(shard: number, kind: BucketKind, buckets: readonly MarkedBucket[]): Promise<void>
  /** Whether the book of the shard was begun; one that was not, or was lost, says nothing of what is stored. */
  isBegun(shard: number): Promise<boolean>
  begin(shard: number): Promise<void>
  close(): void
}

/** Fields a script handles at once: Lua passes no more than some thousand arguments on. */
const PORTION = 1_000

export function createBucketBook({ redisUrl, prefix }: { redisUrl: string; prefix: string }): BucketBook {
  const redis = connectBlockStream(redisUrl)
  const keyOf = (shard: number, kind: BucketKind) => shardKeys(prefix, shard)[kind]
  return {
    async mark(shard, kind, starts) {
      for (let i = 0; i < starts.length; i += PORTION)
        await askRedis('marking buckets', redis.nMarkBuckets(keyOf(shard, kind), ...starts.slice(i, i + PORTION)))
    },
    async marked(shard, kind) {
      const fields = await askRedis('reading marked buckets', redis.hgetall(keyOf(shard, kind)))
      return Object.entries(fields)
        .map(([start, markedAt]) => ({ start: Number(start), markedAt: Number(markedAt) }))
        .sort((a, b) => a.start - b.start)
    },
    async settle(shard, kind, buckets) {
      for (let i = 0; i < buckets.length; i += PORTION) {
        const pairs = buckets.slice(i, i + PORTION).flatMap(({ start, markedAt }) => [start, markedAt])
        await askRedis('settling buckets', redis.nSettleBuckets(keyOf(shard, kind), ...pairs))
      }
    },
    async isBegun(shard) {
      return (await askRedis('reading the book', redis.get(shardKeys(prefix, shard).bookBegun))) !== null
    },
    async begin(shard) {
      await askRedis('beginning the book', redis.set(shardKeys(prefix, shard).bookBegun, '1'))
    },
    close: () => redis.disconnect(),
  }
}
