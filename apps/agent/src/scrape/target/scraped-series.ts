import type { ExposedSample, Exemplar, Label } from '../exposition/exposition.ts'
import type { WriteSeries } from '../remote-write/write-series.ts'
import type { ScrapeTarget } from './scrape-target.ts'
import { seriesLabels } from './series-labels.ts'

/** A scrape's samples, ready to be written. */
export interface ScrapedSeries {
  series: WriteSeries[]
  /** Labels by key of the series whose end a later scrape can tell: those that come without a timestamp. */
  live: Map<string, readonly Label[]>
}

/** OpenMetrics 1.0, "Exemplars": names and values together, in characters. */
const MAX_EXEMPLAR_LENGTH = 128

/**
 * The series of a scrape at `at`, epoch ms. A sample that the text gives twice counts once, the first. Throws when the
 * target has more samples, or one of them more labels, than its job allows.
 */
export function scrapedSeries(
  samples: readonly ExposedSample[],
  { job, labels }: ScrapeTarget,
  at: number,
): ScrapedSeries {
  if (samples.length > job.maxSamples)
    throw new Error(`${samples.length} samples are more than the sample_limit of ${job.maxSamples}`)
  const live = new Map<string, readonly Label[]>()
  const seen = new Set<string>()
  const series: WriteSeries[] = []
  for (const sample of samples) {
    const own = seriesLabels(sample.name, sample.labels, labels, job.honorLabels)
    if (own.length > job.maxLabels)
      throw new Error(`${own.length} labels of ${sample.name} are more than the label_limit of ${job.maxLabels}`)
    const key = own.flat().join('\0')
    const given = job.honorTimestamps ? sample.timestampMs : null
    const timestampMs = given ?? at
    if (given === null) live.set(key, own)
    const instance = `${timestampMs}\0${key}`
    if (seen.has(instance)) continue
    seen.add(instance)
    series.push({
      labels: own,
      value: sample.value,
      timestampMs,
      startMs: sample.createdMs,
      exemplar: fittingExemplar(sample.exemplar, timestampMs),
      metadata: sample.family,
    })
  }
  return { series, live }
}

function fittingExemplar(exemplar: Exemplar | null, timestampMs: number): WriteSeries['exemplar'] {
  if (!exemplar) return null
  const labels = exemplar.labels.filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1))
  if (Array.from(labels.flat().join('')).length > MAX_EXEMPLAR_LENGTH) return null
  return { labels, value: exemplar.value, timestampMs: exemplar.timestampMs ?? timestampMs }
}
