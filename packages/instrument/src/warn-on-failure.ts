import { messageOf } from '@nines/kernel'
import { AggregationTemporality, type PushMetricExporter } from '@opentelemetry/sdk-metrics'

const WARNING_INTERVAL_MS = 60_000

/** Passes everything on to `exporter` and reports failed exports, at most one a minute. */
export function warnOnFailure(
  exporter: PushMetricExporter,
  onFailure: (reason: string) => void,
  now: () => number = () => performance.now(),
): PushMetricExporter {
  let lastWarning = Number.NEGATIVE_INFINITY
  return {
    export(metrics, done) {
      exporter.export(metrics, (result) => {
        if (result.error !== undefined && now() - lastWarning >= WARNING_INTERVAL_MS) {
          lastWarning = now()
          onFailure(messageOf(result.error))
        }
        done(result)
      })
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    // Totals survive a lost export; increments would not.
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  }
}
