import type { Clock } from '@nines/kernel'
import { readSummedUpTo, type BucketBook, type BucketKind } from '@nines/pipeline'
import type { FinishedBuckets, RollupProgress, BucketTable } from '@nines/telemetry'

/** Rows are marked before they are inserted, so that what was read this long ago still holds for what a query reads. */
const BELIEVED_MS = 500

export interface RollupProgressParts {
  book: BucketBook
  shards: number
  clock: Clock
  /** Told of buckets that were computed anew. */
  buckets: FinishedBuckets
}

/** What changes with a bucket that is computed anew. */
const TABLES = {
  fiveMinutes: ['rollup_5m', 'service_rollup_1m', 'samples'],
  hours: ['rollup_1h'],
} as const satisfies Partial<Record<BucketKind, readonly BucketTable[]>>
const WIDTHS = { fiveMinutes: 300_000, hours: 3_600_000 } as const
const KINDS = ['fiveMinutes', 'hours'] as const

/** Up to where rollups can be read, by the store's book of what is still to be summed up. Without Redis none is read. */
export function createRollupProgress({ book, shards, clock, buckets }: RollupProgressParts): RollupProgress {
  const known = new Map<number, { progress: ReturnType<RollupProgress>; until: number }>()
  const positions = new Map<string, number>()
  const forgetChanged = async (shard: number, kind: (typeof KINDS)[number]) => {
    const place = `${shard} ${kind}`
    const { position, starts } = await book.settledAfter(shard, kind, positions.get(place) ?? 0)
    const isOfShard = (workspace: number) => workspace % shards === shard
    for (const table of TABLES[kind]) {
      buckets.forget(
        table,
        isOfShard,
        starts?.map((from) => ({ from, to: from + WIDTHS[kind] })),
      )
    }
    positions.set(place, position)
  }
  const read = async (shard: number) => {
    // What was computed is asked for last: a bucket that is no longer marked by then has been named there.
    const { fiveMinutes, hours } = await readSummedUpTo(book, shard, clock.now())
    await Promise.all(KINDS.map((kind) => forgetChanged(shard, kind)))
    return { rollup_5m: fiveMinutes, rollup_1h: hours, service_rollup_1m: fiveMinutes }
  }
  return async (workspace) => {
    const shard = workspace % shards
    const last = known.get(shard)
    if (last && clock.now() < last.until) return last.progress
    const progress = read(shard).catch(() => ({}))
    known.set(shard, { progress, until: clock.now() + BELIEVED_MS })
    return progress
  }
}
