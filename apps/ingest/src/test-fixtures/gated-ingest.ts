import { startTcpGate, type TcpGate, type useServices } from '@nines/testkit'
import { startIngestUnderTest, type IngestUnderTest } from '../ingest-under-test.ts'

export interface GatedIngest {
  ingest: IngestUnderTest
  /** The way to Redis, which can be closed. */
  redis: TcpGate
  stop(): Promise<void>
}

/** A whole ingest that takes bodies of at most so many bytes. */
export async function startGatedIngest(
  services: Awaited<ReturnType<typeof useServices>>,
  maxBodyBytes: number,
): Promise<GatedIngest> {
  const url = new URL(services.redisUrl)
  const redis = await startTcpGate({ host: '127.0.0.1', port: Number(url.port) })
  url.port = String(redis.port)
  const ingest = await startIngestUnderTest(services, {
    REDIS_URL: url.href,
    NINES_INGEST_MAX_BODY_BYTES: String(maxBodyBytes),
  })
  return {
    ingest,
    redis,
    async stop() {
      await ingest.stop()
      redis.close()
    },
  }
}
