import type { Logger } from '@nines/kernel'
import type { DeadLetters, JobQueue } from '@nines/pipeline'
import type { PrismaClient } from '@nines/records'
import type { QueryEngine, Telemetry } from '@nines/telemetry'
import type { Redis } from 'ioredis'
import type { ApiKeyCache } from './auth/api-key-cache.ts'
import type { Auth } from './auth/auth.ts'
import type { Announcer } from './live/announcer.ts'
import type { PastMinutesReader } from './routes/slos/backtest/past-minutes.ts'

/** What every handler may use. */
export interface ApiContext {
  prisma: PrismaClient
  telemetry: Telemetry
  /** Answers queries of metrics. */
  engine: QueryEngine
  /** Counts what SLIs measured in the past, for backtests. */
  pastMinutes: PastMinutesReader
  redis: Redis
  /** Prefix of every Redis key of this installation. */
  redisPrefix: string
  queue: JobQueue
  /** Telemetry that could not be stored. */
  deadLetters: DeadLetters
  auth: Auth
  keys: ApiKeyCache
  /** Tells the other processes and the dashboards what changed. */
  announce: Announcer
  /** Without a slash at the end. */
  publicUrl: string
  /** Where telemetry is sent, without a slash at the end. */
  publicIngestUrl: string
  publicIngestGrpcUrl: string
  /** 32 bytes in base64; seals channel secrets and signs links. */
  secretKey: string
  logger: Logger
}
