import { z } from 'zod'

/** Kinds of telemetry with limits, retention and usage of their own. */
export const telemetrySignal = z.enum(['metrics', 'logs', 'traces'])
export type TelemetrySignal = z.infer<typeof telemetrySignal>

const count = (least: number, most: number, fallback: number) => z.number().int().min(least).max(most).default(fallback)
const rate = (fallback: number) => count(1, 1_000_000_000_000, fallback)
const days = (fallback: number) => count(1, 3_650, fallback)

/**
 * What one workspace may send and how long it is kept. Rates are averages that a burst of five seconds may exceed; they
 * hold for the workspace as a whole, however many ingest processes there are. Members that are left out get defaults.
 */
export const telemetrySettings = z.object({
  /** Points of metrics a second: samples and histograms. */
  samplesPerSecond: rate(2_000_000),
  logsPerSecond: rate(500_000),
  spansPerSecond: rate(500_000),
  /** Bytes of request bodies a second, decompressed, all signals together. */
  bytesPerSecond: rate(512 * 1024 * 1024),
  /** Series with a sample within the last hour; points of series beyond are refused. */
  maxActiveSeries: count(1, 1_000_000_000, 1_000_000),
  /** Series a minute that were not active before. */
  maxNewSeriesPerMinute: count(1, 1_000_000_000, 600_000),
  maxLabels: count(1, 256, 128),
  maxLabelNameBytes: count(1, 1_024, 256),
  maxLabelValueBytes: count(1, 65_536, 4_096),
  /** Older points, records and spans are refused. */
  maxPastSeconds: count(60, 400 * 86_400, 400 * 86_400),
  /** Those further ahead of our clock are refused. */
  maxFutureSeconds: count(0, 86_400, 600),
  metricsRetentionDays: days(400),
  logsRetentionDays: days(30),
  tracesRetentionDays: days(30),
})
export type TelemetrySettings = z.infer<typeof telemetrySettings>

export const DEFAULT_TELEMETRY_SETTINGS: TelemetrySettings = telemetrySettings.parse({})
