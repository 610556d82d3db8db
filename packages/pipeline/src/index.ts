export { jobs, streams, type JobEntry, type JobKey, type PayloadOf, type StreamEntry } from './catalog.ts'
export {
  createJobQueue,
  type EnqueueOptions,
  type JobCounts,
  type JobQueue,
  type JobQueueOptions,
} from './job-queue.ts'
export {
  startJobWorker,
  type JobHandler,
  type JobHandlers,
  type JobOutcome,
  type JobWorkerOptions,
  type RunningJobWorker,
} from './job-worker.ts'
export { publishLive, subscribeLive, type LiveSubscription, type LiveSubscriptionOptions } from './live-events.ts'
export { warnOfRedis } from './redis-concerns.ts'
export { connectRedis, type RedisConnectionOptions } from './redis-connection.ts'
export {
  announceConfigChange,
  watchConfigChanges,
  type ConfigTopic,
  type ConfigWatch,
  type ConfigWatchOptions,
} from './config-signal.ts'
export { readSloBackfill, removeSloBackfills, writeSloBackfill } from './backfill-board.ts'
export {
  readSloStandings,
  readSloStatus,
  readSloStatuses,
  readStatusesOf,
  removeSloStatuses,
  standingOf,
  writeSloStatuses,
} from './status-board.ts'
export { createBlockStream, STREAM_MAX_BYTES, type BlockStream, type BlockStreamOptions } from './block-stream.ts'
export type { BlockRecord, TrimLimits } from './block-stream-ledger.ts'
export type { BlockEntry, ReadOptions } from './block-stream-reader.ts'
export { createDeadLetters, type BuriedLetter, type DeadLetter, type DeadLetters } from './dead-letters.ts'
export type { StreamFill } from './block-stream-fill.ts'
export { beatReplica, removeReplica } from './replica-beat.ts'
export { writeSeriesUsage, type SeriesSnapshot } from './series-usage.ts'
export { addTelemetryUsage, readTelemetryUsage, type UsageTally } from './telemetry-usage.ts'
export {
  createBucketBook,
  type BucketBook,
  type BucketKind,
  type MarkedBucket,
  type SettledBuckets,
} from './bucket-book.ts'
export { readSummedUpTo, type SummedUpTo } from './rollup-progress.ts'
export { announceHead, findHead, withdrawHead, type HeadAddress } from './head-directory.ts'
