import { ExportResultCode } from '@opentelemetry/core'
import { emptyResource } from '@opentelemetry/resources'
import { InMemoryMetricExporter, AggregationTemporality, type PushMetricExporter } from '@opentelemetry/sdk-metrics'
import { expect, it } from 'vitest'
import { warnOnFailure } from './warn-on-failure.ts'

it('is silent about a restart and warns once a minute about an outage', () => {
  let seconds = 0
  let error: Error | undefined = new Error('connection refused')
  const inner: PushMetricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  inner.export = (_, done) =>
    done(error ? { code: ExportResultCode.FAILED, error } : { code: ExportResultCode.SUCCESS })
  const warnings: number[] = []
  const exporter = warnOnFailure(
    inner,
    () => warnings.push(seconds),
    20_000,
    () => seconds * 1000,
  )
  const exportUntil = (end: number) => {
    for (; seconds < end; seconds += 5)
      exporter.export({ resource: emptyResource(), scopeMetrics: [] }, () => undefined)
  }
  exportUntil(15)
  error = undefined
  exportUntil(20)
  expect(warnings).toEqual([])
  error = new Error('connection refused')
  exportUntil(160)
  expect(warnings).toEqual([40, 100])
})
