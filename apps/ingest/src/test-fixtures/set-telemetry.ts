import { telemetrySettings, type TelemetrySettings } from '@nines/contracts'
import { announceConfigChange, connectRedis } from '@nines/pipeline'
import { updateTelemetrySettings } from '@nines/records'
import type { IngestUnderTest } from '../ingest-under-test.ts'

/** Changes the workspace's limits as the API does, and announces it. For tests. */
export async function setTelemetry(ingest: IngestUnderTest, settings: Partial<TelemetrySettings>): Promise<void> {
  await updateTelemetrySettings(ingest.prisma, ingest.workspaceId, telemetrySettings.parse(settings), null)
  const redis = connectRedis(ingest.redisUrl)
  await announceConfigChange(redis, ingest.redisPrefix, 'telemetry')
  redis.disconnect()
}
