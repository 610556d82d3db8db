import { systemClock } from '@nines/kernel'
import type { BucketBook } from '@nines/pipeline'
import { RedDeriver } from './red/derive-red.ts'
import { bucketsOf, markBuckets } from './rollups/bucket-marks.ts'
import type { RecordSteps } from './shard-store.ts'

/** What the store does with every record beside inserting it: notes what its rows change, and derives RED from its spans. */
export function recordSteps(book: BucketBook): RecordSteps {
  const red = new RedDeriver()
  return {
    noteChanges: async (shard, blocks) => markBuckets(book, shard, bucketsOf(blocks, systemClock.now())),
    derive: (blocks, recordAt) => red.derive(blocks, recordAt),
  }
}
