import { systemClock } from '@nines/kernel'
import type { BucketBook } from '@nines/pipeline'
import { RedDeriver } from './red/derive-red.ts'
import { bucketsOf, markBuckets, touchedBy } from './rollups/bucket-marks.ts'
import type { RecordSteps } from './shard-store.ts'

/** What the store does with every record beside inserting it: notes what its rows change, and derives RED from its spans. */
export function recordSteps(book: BucketBook): RecordSteps {
  const red = new RedDeriver()
  return {
    async noteChanges(shard, blocks) {
      const touched = touchedBy(blocks)
      // What was on time before the insert may be late after it.
      const note = () => markBuckets(book, shard, bucketsOf(touched, systemClock.now()))
      await note()
      return note
    },
    derive: (blocks, recordAt) => red.derive(blocks, recordAt),
  }
}
