import { askRedis, connectBlockStream } from './block-stream-connection.ts'
import { shardKeys } from './block-stream-keys.ts'
import { SETTLED_BUCKETS_KEPT } from './block-stream-scripts.ts'

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
  /** Buckets that were computed after `position`, a position of an earlier answer; 0 only finds out the present one. */
  settledAfter(shard: number, kind: BucketKind, position: number): Promise<SettledBuckets>
  /** Whether the book of the shard was begun; one that was not, or was lost, says nothing of what is stored. */
  isBegun(shard: number): Promise<boolean>
  begin(shard: number): Promise<void>
  close(): void
}

export interface SettledBuckets {
  position: number
  /** Null when they are too many to be remembered, or the book was lost: any bucket may be among them. */
  starts: number[] | null
}

/** Fields a script handles at once: Lua passes no more than some thousand arguments on. */
const PORTION = 1_000

export function createBucketBook({ redisUrl, prefix }: { redisUrl: string; prefix: string }): BucketBook {
  const redis = connectBlockStream(redisUrl)
  const keyOf = (shard: number, kind: BucketKind) => shardKeys(prefix, shard)[kind]
  const settledKey = (shard: number, kind: BucketKind) => `${keyOf(shard, kind)}:settled`
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
        await askRedis('settling buckets', redis.nSettleBuckets(keyOf(shard, kind), settledKey(shard, kind), ...pairs))
      }
    },
    async settledAfter(shard, kind, position) {
      const key = settledKey(shard, kind)
      const [oldest, newest, later] = await askRedis(
        'reading settled buckets',
        Promise.all([
          redis.zrange(key, '0', '0', 'WITHSCORES'),
          redis.zrange(key, '-1', '-1', 'WITHSCORES'),
          redis.zrange(key, `(${position}`, '+inf', 'BYSCORE'),
        ]),
      )
      const [first, last] = [Number(oldest[1] ?? 0), Number(newest[1] ?? 0)]
      const isWhole = last >= position && (first <= position || later.length < SETTLED_BUCKETS_KEPT)
      return { position: last, starts: isWhole ? later.map(Number) : null }
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
