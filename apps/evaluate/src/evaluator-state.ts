import type { Logger } from '@nines/kernel'
import type { BlockEntry, BlockStream, JobQueue } from '@nines/pipeline'
import type { PrismaClient } from '@nines/records'
import type { Hearing } from '@nines/slo'
import type { Telemetry } from '@nines/telemetry'
import type { Redis } from 'ioredis'
import type { SloShare } from './slo-share.ts'
import type { SloTracker } from './slo-tracker.ts'
import type { StatusPublisher } from './status-publisher.ts'
import type { StreamFollower } from './stream-follower.ts'

export interface EvaluatorStores {
  redis: Redis
  /** Prefix of every Redis key of the installation. */
  prefix: string
  prisma: PrismaClient
  telemetry: Telemetry
  stream: BlockStream
  jobs: JobQueue
}

/** What the loops of one replica share. */
export interface EvaluatorState {
  readonly stores: EvaluatorStores
  readonly logger: Logger
  readonly publisher: StatusPublisher
  readonly share: SloShare
  /** One a shard of the block stream. */
  readonly followers: readonly StreamFollower[]
  /** SLOs whose window has to be brought into memory. */
  readonly toRebuild: Set<SloTracker>
  /** Those of them that have not seen yet what the followers had taken before they came. */
  readonly toCatchUp: Set<SloTracker>
  /** Rules with an alert that is open; null while that is not known. */
  readonly openRules: ReadonlySet<string> | null
  readonly isStopping: boolean
  /**
   * False while others may own what is here: it was not heard of for too long, or came back and has not caught up yet.
   * Then it says and writes nothing. Ask right before, with nothing awaited in between.
   */
  readonly mayAct: boolean
  /** Epoch ms by the clock that replicas share. */
  now(): number
  /** Of which time it is known what was received. */
  heard(): Hearing
  /**
   * Brings a block to the SLOs it belongs to, or only to some of them. Never throws: a block that nobody can use must
   * not keep those behind it from being counted.
   */
  take(entry: BlockEntry, shard: number, only?: ReadonlySet<SloTracker>): void
  /** Forgets what was counted of these SLOs and rebuilds them, data of the last days included. */
  restart(trackers: Iterable<SloTracker>): void
}
