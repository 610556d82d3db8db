import { z } from 'zod'
import { telemetrySettings, telemetrySignal } from '../domain/telemetry-settings.ts'
import { route } from './route.ts'
import { instant, userRef } from './shared.ts'

const tag = 'Telemetry'

export const telemetrySettingsDto = z.object({
  settings: telemetrySettings,
  /** What settings are where nobody chose others. */
  defaults: telemetrySettings,
  /** Null while nobody has changed anything. */
  updatedAt: instant.nullable(),
  updatedBy: userRef.nullable(),
})
export type TelemetrySettingsDto = z.infer<typeof telemetrySettingsDto>

/** Why rows or whole requests were refused, and how many. */
export const telemetryRefusal = z.object({
  signal: telemetrySignal,
  /** A short stable name such as `rate_limit`, `series_limit` or `clock_window`. */
  reason: z.string(),
  /** The metric at fault where one is known. */
  metric: z.string().nullable(),
  /** Rows refused within requests that were otherwise taken. */
  rows: z.number().int(),
  /** Whole requests refused; how many rows they held is not known. */
  requests: z.number().int(),
})
export type TelemetryRefusal = z.infer<typeof telemetryRefusal>

export const telemetryUsagePeriod = z.object({
  from: instant,
  to: instant,
  signals: z.array(
    z.object({
      signal: telemetrySignal,
      acceptedRows: z.number().int(),
      /** Decompressed bytes of the requests they came in. */
      acceptedBytes: z.number().int(),
      refusedRows: z.number().int(),
      refusedRequests: z.number().int(),
    }),
  ),
  /** Most frequent first. */
  refusals: z.array(telemetryRefusal),
})
export type TelemetryUsagePeriod = z.infer<typeof telemetryUsagePeriod>

/** Series as the ingest processes know them; with several processes, what the busiest one knows. */
export const seriesUsage = z.object({
  /** Null while no ingest process has told. */
  measuredAt: instant.nullable(),
  activeSeries: z.number().int(),
  maxActiveSeries: z.number().int(),
  /** Ten metrics with the most active series. */
  topMetrics: z.array(z.object({ metric: z.string(), series: z.number().int() })),
  /** Ten labels with the most distinct values, which may be estimates. */
  topLabels: z.array(z.object({ label: z.string(), values: z.number().int() })),
})
export type SeriesUsage = z.infer<typeof seriesUsage>

export const getTelemetrySettings = route({
  id: 'getTelemetrySettings',
  method: 'GET',
  path: '/api/v1/telemetry/settings',
  tag,
  summary: 'Limits and retention of the workspace’s telemetry',
  access: { role: 'viewer', scope: 'read' },
  response: telemetrySettingsDto,
})
export const updateTelemetrySettings = route({
  id: 'updateTelemetrySettings',
  method: 'PUT',
  path: '/api/v1/telemetry/settings',
  tag,
  summary: 'Replace limits and retention; ingest follows within seconds, retention holds for data sent from then on',
  access: { role: 'admin', scope: null },
  body: telemetrySettings.strict(),
  response: telemetrySettingsDto,
})
export const getTelemetryUsage = route({
  id: 'getTelemetryUsage',
  method: 'GET',
  path: '/api/v1/telemetry/usage',
  tag,
  summary: 'What was accepted and refused in the last hour and day, and which metrics and labels cost most',
  access: { role: 'viewer', scope: 'read' },
  response: z.object({ hour: telemetryUsagePeriod, day: telemetryUsagePeriod, series: seriesUsage }),
})
