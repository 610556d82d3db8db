import { findOnPath } from '@nines/embedded'
import type { Load } from './load/load-batch.ts'
import { otlpMetricsLoad } from './load/otlp-metrics-load.ts'
import { remoteWriteLoad } from './load/remote-write-load.ts'
import { startNines, type NinesOptions } from './targets/nines.ts'
import { startPrometheus } from './targets/prometheus.ts'
import { startVictoriaMetrics } from './targets/victoria-metrics.ts'
import type { StartTarget } from './targets/target.ts'

const SAMPLES_PER_REQUEST = 5_000

/** One system with one wire format. */
export interface IngestCase {
  name: string
  start: StartTarget
  load: (series: number) => Load
  /** The program it needs. */
  program?: string
}

/** Ours and the peers, all with the same series, values and times. */
export function ingestCases(options: NinesOptions): IngestCase[] {
  const remoteWrite = (series: number) => remoteWriteLoad(series, SAMPLES_PER_REQUEST)
  const nines: StartTarget = (folder) => startNines(folder, options)
  return [
    { name: 'nines', start: nines, load: remoteWrite },
    { name: 'nines_otlp', start: nines, load: (series) => otlpMetricsLoad(series, SAMPLES_PER_REQUEST) },
    { name: 'victoria_metrics', start: startVictoriaMetrics, load: remoteWrite, program: 'victoria-metrics' },
    { name: 'prometheus', start: startPrometheus, load: remoteWrite, program: 'prometheus' },
  ]
}

/** What keeps a case from being run here, if anything. */
export function missingProgram({ program }: { program?: string }): string | undefined {
  return program === undefined || findOnPath([program], process.env.PATH ?? '') !== undefined ? undefined : program
}
