import type { BucketBook } from './bucket-book.ts'

/** Up to where sums hold everything that is stored, epoch ms; 0 when that is not known. */
export interface SummedUpTo {
  fiveMinutes: number
  hours: number
}

const HOUR_MS = 3_600_000

/**
 * Up to where the rollups of a shard can be trusted at `now`: to the oldest bucket that is marked. What is not marked holds
 * every stored row, because rows are marked before they are inserted.
 */
export async function readSummedUpTo(book: BucketBook, shard: number, now: number): Promise<SummedUpTo> {
  if (!(await book.isBegun(shard))) return { fiveMinutes: 0, hours: 0 }
  const [fiveMinutes, hours] = await Promise.all([book.marked(shard, 'fiveMinutes'), book.marked(shard, 'hours')])
  const firstOpen = Math.min(now, fiveMinutes[0]?.start ?? now)
  return {
    fiveMinutes: firstOpen,
    hours: Math.min(Math.floor(firstOpen / HOUR_MS) * HOUR_MS, hours[0]?.start ?? now),
  }
}
