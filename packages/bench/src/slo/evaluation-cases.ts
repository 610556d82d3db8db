import { messageOf } from '@nines/kernel'
import type { BenchOptions } from '../bench-options.ts'
import type { CaseRuns, RunFigures } from '../report/figure-table.ts'
import { progress } from '../report/progress.ts'
import { startNines } from '../targets/nines.ts'
import { startPrometheus } from '../targets/prometheus.ts'
import { withTarget } from '../targets/with-target.ts'
import { measureEvaluation } from './measure-evaluation.ts'
import { measureLists } from './measure-lists.ts'
import { measurePeerRules } from './measure-peer-rules.ts'
import { measurePersistence } from './measure-persistence.ts'
import { measureStart } from './measure-start.ts'
import { measureWindow } from './measure-windows.ts'

/** More SLOs than this take the peer more than a minute of CPU a minute. */
const MOST_OF_PEER = 1_000
/** A hundred and thirty million slices are stored for them in three minutes. */
const MOST_OF_START = 3_000
/** What fewer cost is lost in what idle processes cost. */
const LEAST_OF_PERSISTENCE = 1_000
const WINDOW_DAYS = 30
/** Windows of so many days are compared. */
const WINDOWS = [7, 30, 90, 366]

export interface EvaluationSizes {
  /** Numbers of SLOs. */
  slos: readonly number[]
  seconds: number
}

export interface EvaluationCase {
  name: string
  run: (common: BenchOptions) => Promise<RunFigures>
}

/**
 * Cost of evaluation: so many SLOs on our whole stack, persistence apart from all that is taken in, as many SLOs in Prometheus, lists of
 * as many, a start with as many, and windows of several lengths.
 */
export function evaluationCases({ slos, seconds }: EvaluationSizes): EvaluationCase[] {
  return [
    ...slos.map((count) => ({
      name: `evaluation_${count}`,
      run: (common: BenchOptions) =>
        withTarget(
          (folder) => startNines(folder, { evaluate: true }),
          common,
          (target) => measureEvaluation(target, { slos: count, seconds, windowDays: WINDOW_DAYS }),
        ),
    })),
    ...slos
      .filter((count) => count >= LEAST_OF_PERSISTENCE)
      .map((count) => ({
        name: `persistence_${count}`,
        run: (common: BenchOptions) =>
          withTarget(
            (folder) => startNines(folder, { evaluate: 'fed' }),
            common,
            (target) => measurePersistence(target, { slos: count, seconds, windowDays: WINDOW_DAYS }),
          ),
      })),
    ...slos
      .filter((count) => count <= MOST_OF_PEER)
      .map((count) => ({
        name: `prometheus_${count}`,
        run: (common: BenchOptions) =>
          withTarget(startPrometheus, common, (target) => measurePeerRules(target, { slos: count, seconds })),
      })),
    ...slos.map((count) => ({
      name: `lists_${count}`,
      run: (common: BenchOptions) =>
        withTarget(
          (folder) => startNines(folder, { api: true }),
          common,
          (target) => measureLists(target, count),
        ),
    })),
    ...slos
      .filter((count) => count <= MOST_OF_START)
      .map((count) => ({
        name: `start_${count}`,
        run: (common: BenchOptions) =>
          withTarget(startNines, common, (target) => measureStart(target, { slos: count, windowDays: WINDOW_DAYS })),
      })),
    ...WINDOWS.map((days) => ({ name: `window_${days}d`, run: () => measureWindow(days) })),
  ]
}

/** Every case once a round. One that fails is reported, and the others go on. */
export async function runEvaluationCases(cases: readonly EvaluationCase[], common: BenchOptions): Promise<CaseRuns[]> {
  const results: CaseRuns[] = cases.map(({ name }) => ({ name, runs: [] }))
  for (let run = 0; run < common.runs; run++) {
    for (const [i, { name, run: measure }] of cases.entries()) {
      try {
        const figures = await measure(common)
        const [first = ''] = Object.keys(figures)
        progress(`${name}, run ${run + 1}: ${first} ${figures[first]?.toFixed(4)}`)
        results[i]?.runs.push(figures)
      } catch (error) {
        progress(`${name}, run ${run + 1} FAILED: ${messageOf(error)}`)
      }
    }
  }
  return results
}
