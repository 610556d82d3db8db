import { systemClock } from '@nines/kernel'
import type { BucketBook, JobQueue } from '@nines/pipeline'
import { RedDeriver } from './red/derive-red.ts'
import { VersionWatch } from './red/version-watch.ts'
import { bucketsOf, markBuckets, touchedBy } from './rollups/bucket-marks.ts'
import type { RecordSteps } from './shard-store.ts'

/**
 * What the store does with every record beside inserting it: notes what its rows change, derives RED from its spans and
 * tells which versions of services they carry.
 */
export function recordSteps(book: BucketBook, queue: Pick<JobQueue, 'enqueue'>): RecordSteps {
  const red = new RedDeriver()
  const versions = new VersionWatch(queue)
  return {
    async noteChanges(shard, blocks) {
      const touched = touchedBy(blocks)
      // What was on time before the insert may be late after it.
      const note = () => markBuckets(book, shard, bucketsOf(touched, systemClock.now()))
      await note()
      return note
    },
    derive: (blocks, recordAt) => red.derive(blocks, recordAt),
    tell: (blocks) => versions.tell(blocks, systemClock.now()),
  }
}
