import { findOnPath } from '@nines/embedded'
import type { Load } from './load/load-batch.ts'
import { otlpLogsLoad } from './load/otlp-logs-load.ts'
import { otlpMetricsLoad } from './load/otlp-metrics-load.ts'
import { otlpSpansLoad } from './load/otlp-spans-load.ts'
import { remoteWriteLoad } from './load/remote-write-load.ts'
import { startNines, type NinesOptions } from './targets/nines.ts'
import { startPrometheus } from './targets/prometheus.ts'
import { startVictoriaMetrics } from './targets/victoria-metrics.ts'
import type { StartTarget } from './targets/target.ts'

export const SAMPLES_PER_REQUEST = 5_000

/** Records and spans of a step: requests times rows of each. */
const REQUESTS_PER_STEP = 20
const ROWS_PER_REQUEST = 1_000

/** One system with one kind of telemetry in one wire format. */
export interface IngestCase {
  name: string
  start: StartTarget
  load: (series: number) => Load
  /** As many other series, those of pods that a deploy starts. */
  later?: (series: number) => Load
  /** The program it needs. */
  program?: string
}

/** Ours and the peers, all with the same series, values and times. */
export function ingestCases(options: NinesOptions): IngestCase[] {
  const remoteWrite = (series: number) => remoteWriteLoad(series, SAMPLES_PER_REQUEST)
  const later = (series: number) => remoteWriteLoad(series, SAMPLES_PER_REQUEST, series)
  const nines: StartTarget = (folder) => startNines(folder, options)
  return [
    { name: 'nines', start: nines, load: remoteWrite, later },
    { name: 'nines_otlp', start: nines, load: (series) => otlpMetricsLoad(series, SAMPLES_PER_REQUEST) },
    { name: 'victoria_metrics', start: startVictoriaMetrics, load: remoteWrite, later, program: 'victoria-metrics' },
    { name: 'prometheus', start: startPrometheus, load: remoteWrite, later, program: 'prometheus' },
  ]
}

/** Logs and spans; ours alone, because neither peer takes them. */
export function signalCases(options: NinesOptions): IngestCase[] {
  const start: StartTarget = (folder) => startNines(folder, options)
  return [
    { name: 'nines_logs', start, load: () => otlpLogsLoad(REQUESTS_PER_STEP, ROWS_PER_REQUEST) },
    { name: 'nines_spans', start, load: () => otlpSpansLoad(REQUESTS_PER_STEP, ROWS_PER_REQUEST) },
  ]
}

/** Remote write at the real rate, ours and the peers. They take minutes each, so they run only when they are named. */
export function steadyCases(options: NinesOptions): IngestCase[] {
  return ingestCases(options)
    .filter(({ name }) => name !== 'nines_otlp')
    .map((one) => ({ ...one, name: `${one.name}_steady` }))
}

/** What keeps a case from being run here, if anything. */
export function missingProgram({ program }: { program?: string }): string | undefined {
  return program === undefined || findOnPath([program], process.env.PATH ?? '') !== undefined ? undefined : program
}
