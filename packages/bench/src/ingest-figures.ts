import type { Signal } from './load/load-batch.ts'
import type { IngestFigures } from './measure-ingest.ts'
import type { SteadyFigures } from './measure-steady.ts'
import type { RunFigures } from './report/figure-table.ts'
import { totalOf, type MemoryReading } from './usage/usage-meter.ts'

const MB = 1e6

const UNITS: Record<Signal, string> = { samples: 'sample', logs: 'record', spans: 'span' }

/** The figures of a run under names that carry their units. */
export function ingestRunFigures(f: IngestFigures, signal: Signal): RunFigures {
  const unit = UNITS[signal]
  return {
    [`cpu_us_per_${unit}`]: f.cpuUsPerRow,
    ...parts(f.cpuUsPerRowOf, `cpu_us_per_${unit}`, 1),
    ...(signal === 'samples' ? { cpu_us_per_new_series: f.cpuUsPerNewSeries } : {}),
    ...(signal === 'samples' ? parts(f.cpuUsPerNewSeriesOf, 'cpu_us_per_new_series', 1) : {}),
    ...(f.cpuUsPerLaterSeriesOf === null ? {} : laterSeries(f.cpuUsPerLaterSeriesOf)),
    [`${unit}s_per_core_s`]: f.rowsPerCoreSecond,
    acked_per_s: f.ackedPerSecond,
    stored_per_s: f.storedPerSecond,
    answer_p50_ms: f.answerP50Ms,
    answer_p99_ms: f.answerP99Ms,
    ...memoryFigures('peak_rss_mb', f.peakResident),
    ...memoryFigures('peak_pss_mb', f.peakProportional),
    peak_anonymous_mb: f.peakAnonymousBytes / MB,
    [`disk_bytes_per_${unit}`]: f.diskBytesPerRow,
    ...parts(f.diskPartsBytesPerRow, `disk_bytes_per_${unit}`, 1),
    idle_cpu_percent_of_core: f.idleCpuShare * 100,
    [`generator_cpu_us_per_${unit}`]: f.generatorCpuUsPerRow,
    [`sent_bytes_per_${unit}`]: f.sentBytesPerRow,
    [`plain_bytes_per_${unit}`]: f.plainBytesPerRow,
    retries: f.retries,
  }
}

function laterSeries(of: Record<string, number>): RunFigures {
  return { cpu_us_per_later_series: totalOf(of), ...parts(of, 'cpu_us_per_later_series', 1) }
}

/** The figures of a run at the real rate. */
export function steadyRunFigures(f: SteadyFigures): RunFigures {
  return {
    cpu_us_per_sample: f.cpuUsPerRow,
    ...parts(f.cpuUsPerRowOf, 'cpu_us_per_sample', 1),
    ...memoryFigures('peak_rss_mb', f.peakResident),
    ...memoryFigures('peak_pss_mb', f.peakProportional),
    ...memoryFigures('final_rss_mb', f.finalResident),
    ...memoryFigures('final_pss_mb', f.finalProportional),
    sent_per_s: f.sentPerSecond,
    answer_p50_ms: f.answerP50Ms,
    answer_p99_ms: f.answerP99Ms,
    retries: f.retries,
  }
}

function memoryFigures(name: string, { total, of }: MemoryReading): RunFigures {
  return { [name]: total / MB, ...parts(of, name, 1 / MB) }
}

/** A line for each part, and none where the only part is the whole. */
function parts(figures: Record<string, number>, name: string, factor: number): RunFigures {
  const entries = Object.entries(figures)
  if (entries.length < 2) return {}
  return Object.fromEntries(entries.map(([part, value]) => [`${name}.${part}`, value * factor]))
}
