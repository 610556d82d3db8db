import { messageOf } from '@nines/kernel'
import { SAMPLES_PER_REQUEST } from './ingest-cases.ts'
import { otlpMetricsLoad } from './load/otlp-metrics-load.ts'
import { remoteWriteLoad } from './load/remote-write-load.ts'
import { measureFreshness } from './measure-freshness.ts'
import { summarise, type CaseRuns, type RunFigures } from './report/figure-table.ts'
import { progress } from './report/progress.ts'
import { startNines, type NinesOptions } from './targets/nines.ts'
import { withTarget } from './targets/with-target.ts'

const SECONDS = 30
/** Where ours was not measured at full load in the same run. */
const UNMEASURED_RATE = 400_000

/** Time from an answer to the first query that sees the rows, at half of what ours took in at full load in this run. */
export async function runFreshness(
  options: NinesOptions,
  { runs, pin }: { runs: number; pin: boolean },
  { series, connections }: { series: number; connections: number },
  measured: readonly CaseRuns[],
): Promise<CaseRuns> {
  const { rate, load } = halfLoad(series, measured)
  const results: RunFigures[] = []
  for (let run = 0; run < runs; run++) {
    try {
      const figures = await withTarget(
        (folder) => startNines(folder, options),
        { pin },
        (target) =>
          measureFreshness(target, load(), {
            rate,
            seconds: SECONDS,
            connections,
            samplesPerRequest: SAMPLES_PER_REQUEST,
          }),
      )
      progress(`nines_freshness, run ${run + 1}: p99 ${figures.p99Ms.toFixed(0)} ms`)
      results.push({
        ack_to_queryable_p50_ms: figures.p50Ms,
        ack_to_queryable_p99_ms: figures.p99Ms,
        ack_to_queryable_max_ms: figures.maxMs,
        sent_per_s: figures.sentPerSecond,
        requests: figures.requests,
      })
    } catch (error) {
      progress(`nines_freshness, run ${run + 1} FAILED: ${messageOf(error)}`)
    }
  }
  return { name: 'nines_freshness', runs: results }
}

/** Half the rate at which ours stored, by remote write where that was measured. */
function halfLoad(series: number, measured: readonly CaseRuns[]) {
  const full = (name: string) => summarise(measured.find((c) => c.name === name)?.runs ?? []).stored_per_s?.median
  const [remoteWrite, otlp] = [full('nines'), full('nines_otlp')]
  const isOtlp = remoteWrite === undefined && otlp !== undefined
  return {
    rate: Math.round((remoteWrite ?? otlp ?? UNMEASURED_RATE) / 2),
    load: () => (isOtlp ? otlpMetricsLoad : remoteWriteLoad)(series, SAMPLES_PER_REQUEST),
  }
}
