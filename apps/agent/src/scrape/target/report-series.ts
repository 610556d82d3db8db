import type { WriteSeries } from '../remote-write/write-series.ts'
import { STALE } from '../remote-write/write-series.ts'
import type { ScrapeTarget } from './scrape-target.ts'
import { seriesLabels } from './series-labels.ts'

export interface ScrapeReport {
  isUp: boolean
  durationSeconds: number
  /** Samples in the answer, also when they were more than allowed. */
  samples: number
  /** Series that the scrape before did not have. */
  added: number
}

const METRICS: readonly { name: string; help: string; unit: string; value: (report: ScrapeReport) => number }[] = [
  { name: 'up', help: '1 if the target could be scraped, else 0', unit: '', value: ({ isUp }) => (isUp ? 1 : 0) },
  {
    name: 'scrape_duration_seconds',
    help: 'How long the scrape took',
    unit: 'seconds',
    value: ({ durationSeconds }) => durationSeconds,
  },
  { name: 'scrape_samples_scraped', help: 'Samples in the answer', unit: '', value: ({ samples }) => samples },
  {
    name: 'scrape_samples_post_metric_relabeling',
    help: 'Samples that are left after relabelling, of which the agent does none',
    unit: '',
    value: ({ samples }) => samples,
  },
  {
    name: 'scrape_series_added',
    help: 'Series that the scrape before did not have',
    unit: '',
    value: ({ added }) => added,
  },
]

/** What is written of the scrape itself, as Prometheus does; with null for the report, the end of these series. */
export function reportSeries(target: ScrapeTarget, report: ScrapeReport | null, timestampMs: number): WriteSeries[] {
  return METRICS.map(({ name, help, unit, value }) => ({
    labels: seriesLabels(name, [], target.labels, false),
    value: report ? value(report) : STALE,
    timestampMs,
    startMs: null,
    exemplar: null,
    metadata: { type: 'gauge', help, unit },
  }))
}
