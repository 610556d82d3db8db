import { messageOf } from '@nines/kernel'
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics'

/** Shorter outages are restarts, of which there is nothing to say. */
const FAILURE_GRACE_MS = 20_000
const WARNING_INTERVAL_MS = 60_000

/** Passes everything on to `exporter` and reports exports that go on failing, at most once a minute. */
export function warnOnFailure(
  exporter: PushMetricExporter,
  onFailure: (reason: string) => void,
  graceMs = FAILURE_GRACE_MS,
  now: () => number = () => performance.now(),
): PushMetricExporter {
  let failingSince: number | null = null
  let lastWarning = Number.NEGATIVE_INFINITY
  const judge = (error: Error | undefined): void => {
    if (error === undefined) {
      failingSince = null
      return
    }
    failingSince ??= now()
    if (now() - failingSince < graceMs || now() - lastWarning < WARNING_INTERVAL_MS) return
    lastWarning = now()
    onFailure(messageOf(error))
  }
  return {
    export(metrics, done) {
      exporter.export(metrics, (result) => {
        judge(result.error)
        done(result)
      })
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregationTemporality: exporter.selectAggregationTemporality?.bind(exporter),
  }
}
