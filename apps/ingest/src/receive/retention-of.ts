import type { TelemetrySettings } from '@nines/contracts'
import type { Retention } from '@nines/wire'

/** What a block's header says of how long its rows are kept. */
export function retentionOf(settings: TelemetrySettings): Retention {
  return {
    metrics: settings.metricsRetentionDays,
    logs: settings.logsRetentionDays,
    traces: settings.tracesRetentionDays,
  }
}
