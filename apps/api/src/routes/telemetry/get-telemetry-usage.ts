import { getTelemetryUsage as route } from '@nines/contracts'
import { readTelemetryUsage } from '@nines/pipeline'
import { getTelemetrySettings } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const getTelemetryUsage = handle(route, async ({ workspace }, { prisma, redis, redisPrefix }) => {
  const [usage, { settings }] = await Promise.all([
    readTelemetryUsage(redis, redisPrefix, workspace.id, Date.now()),
    getTelemetrySettings(prisma, workspace.id),
  ])
  const { hour, day, series } = usage
  return { hour, day, series: { ...series, maxActiveSeries: settings.maxActiveSeries } }
})
