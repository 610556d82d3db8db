import type { IngestFigures } from './measure-ingest.ts'
import type { RunFigures } from './report/figure-table.ts'

const MB = 1e6

/** The figures of a run under names that carry their units. */
export function ingestRunFigures(f: IngestFigures): RunFigures {
  return {
    cpu_us_per_sample: f.cpuUsPerSample,
    ...prefixed(f.cpuUsPerSampleOf, (name) => `cpu_us_per_sample.${name}`, 1),
    cpu_us_per_new_series: f.cpuUsPerNewSeries,
    samples_per_core_s: f.samplesPerCoreSecond,
    acked_per_s: f.ackedPerSecond,
    stored_per_s: f.storedPerSecond,
    answer_p50_ms: f.answerP50Ms,
    answer_p99_ms: f.answerP99Ms,
    peak_rss_mb: f.peakResidentBytes / MB,
    peak_anonymous_mb: f.peakAnonymousBytes / MB,
    ...prefixed(f.peakResidentBytesOf, (name) => `peak_rss_mb.${name}`, 1 / MB),
    disk_bytes_per_sample: f.diskBytesPerSample,
    ...prefixed(f.diskPartsBytesPerSample, (name) => `disk_bytes_per_sample.${name}`, 1),
    idle_cpu_percent_of_core: f.idleCpuShare * 100,
    generator_cpu_us_per_sample: f.generatorCpuUsPerSample,
    sent_bytes_per_sample: f.sentBytesPerSample,
    plain_bytes_per_sample: f.plainBytesPerSample,
    retries: f.retries,
  }
}

/** Nothing where the only part is the whole. */
function prefixed(figures: Record<string, number>, rename: (name: string) => string, factor: number): RunFigures {
  if (Object.keys(figures).length < 2) return {}
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [rename(name), value * factor]))
}
