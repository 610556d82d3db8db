import { listTelemetryLabelValues } from '@nines/contracts'
import { useApiQuery } from './use-api.ts'

/** Values of a label of the last day's series, to choose from; `metric` narrows them to the spans' own series. */
export function useLabelValues(label: string, metric?: string): string[] {
  const values = useApiQuery(listTelemetryLabelValues, {
    query: { label, ...(metric === undefined ? {} : { metric }) },
  })
  return values.data?.items ?? []
}

/** Made by Nines of every span it stores. */
export const SPAN_CALLS_METRIC = 'traces.span.metrics.calls'
