import { messageOf } from '@nines/kernel'
import type { IngestCase } from './ingest-cases.ts'
import { ingestRunFigures, steadyRunFigures } from './ingest-figures.ts'
import type { Load } from './load/load-batch.ts'
import { measureIngest } from './measure-ingest.ts'
import { measureSteady } from './measure-steady.ts'
import type { CaseRuns, RunFigures } from './report/figure-table.ts'
import { progress } from './report/progress.ts'
import type { Target } from './targets/target.ts'
import { withTarget } from './targets/with-target.ts'

const SETTLE = { settleMinMs: 15_000, settleMaxMs: 60_000 }

export interface RunSize {
  series: number
  steps: number
  connections: number
}

/** Every case at full speed, as `runEach` does. */
export function runCases(
  cases: readonly IngestCase[],
  options: { runs: number; pin: boolean },
  size: RunSize,
): Promise<CaseRuns[]> {
  return runEach(cases, options, size.series, async (target, load, { later }) => {
    const figures = await measureIngest(target, load, { ...size, ...SETTLE, later: later?.(size.series) })
    return ingestRunFigures(figures, load.signal)
  })
}

/** Every case at the rate of one sample a series and step. */
export function runSteadyCases(
  cases: readonly IngestCase[],
  options: { runs: number; pin: boolean },
  size: { series: number; minutes: number; connections: number },
): Promise<CaseRuns[]> {
  return runEach(cases, options, size.series, async (target, load) =>
    steadyRunFigures(await measureSteady(target, load, size)),
  )
}

/** Every case once a round, so that what disturbs the machine disturbs all. One that fails is reported; the others go on. */
async function runEach(
  cases: readonly IngestCase[],
  { runs, pin }: { runs: number; pin: boolean },
  series: number,
  measure: (target: Target, load: Load, one: IngestCase) => Promise<RunFigures>,
): Promise<CaseRuns[]> {
  const results: CaseRuns[] = cases.map(({ name }) => ({ name, runs: [] }))
  for (let run = 0; run < runs; run++) {
    for (const [i, one] of cases.entries()) {
      const { name, start, load } = one
      const requests = load(series)
      try {
        const figures = await withTarget(start, { pin }, (target) => measure(target, requests, one))
        const [first = ''] = Object.keys(figures)
        progress(`${name}, run ${run + 1}: ${first} ${figures[first]?.toFixed(3)}`)
        results[i]?.runs.push(figures)
      } catch (error) {
        progress(`${name}, run ${run + 1} FAILED: ${messageOf(error)}`)
      }
    }
  }
  return results
}
