import { messageOf } from '@nines/kernel'
import type { IngestCase } from './ingest-cases.ts'
import { ingestRunFigures } from './ingest-figures.ts'
import { measureIngest } from './measure-ingest.ts'
import type { CaseRuns } from './report/figure-table.ts'
import { progress } from './report/progress.ts'
import { withTarget } from './targets/with-target.ts'

const SETTLE = { settleMinMs: 15_000, settleMaxMs: 60_000 }

export interface RunSize {
  series: number
  steps: number
  connections: number
}

/** Every case once a round, so that what disturbs the machine disturbs all. One that fails is reported; the others go on. */
export async function runCases(
  cases: readonly IngestCase[],
  { runs, pin }: { runs: number; pin: boolean },
  size: RunSize,
): Promise<CaseRuns[]> {
  const results: CaseRuns[] = cases.map(({ name }) => ({ name, runs: [] }))
  for (let run = 0; run < runs; run++) {
    for (const [i, { name, start, load }] of cases.entries()) {
      const requests = load(size.series)
      try {
        const figures = await withTarget(start, { pin }, (target) =>
          measureIngest(target, requests, { ...size, ...SETTLE }),
        )
        progress(`${name}, run ${run + 1}: ${figures.cpuUsPerRow.toFixed(3)} us of CPU a row`)
        results[i]?.runs.push(ingestRunFigures(figures, requests.signal))
      } catch (error) {
        progress(`${name}, run ${run + 1} FAILED: ${messageOf(error)}`)
      }
    }
  }
  return results
}
