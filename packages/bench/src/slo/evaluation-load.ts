import type { Load, LoadBatch } from '../load/load-batch.ts'
import { RandomBits } from '../load/random-bits.ts'
import {
  remoteWriteBatch,
  REMOTE_WRITE_HEADERS,
  REMOTE_WRITE_PATH,
  type SteppedValues,
} from '../load/remote-write-batch.ts'

export const EVALUATED_METRIC = 'bench_slo_requests_total'
export const STEP_MS = 15_000
/** Every tenth service has so many instances, the others have one. */
const MOST_INSTANCES = 4
const SERIES_PER_REQUEST = 500
/** A sender waits some seconds at most for a request to become full. */
const LEAST_REQUESTS = 3
/** One step in so many brings a bad event. */
const BAD_ODDS = 2_000
const STATUSES = ['200', '500'] as const

/** Value of the label `slo`, which tells one SLO's series from another's. */
export const evaluatedName = (slo: number) => `slo-${String(slo).padStart(5, '0')}`
export const instancesOf = (slo: number) => (slo % 10 === 0 ? MOST_INSTANCES : 1)

/** A counter of requests as the telemetry store knows it. */
export const evaluatedCounter = (labels: Record<string, string>) => ({
  metric: EVALUATED_METRIC,
  kind: 'sum' as const,
  temporality: 'cumulative' as const,
  monotonic: true,
  unit: '1',
  description: '',
  labels,
})

export interface EvaluationLoad extends Load {
  series: number
  /** Events of each SLO since the first step. */
  totals(): Float64Array
}

/**
 * Requests by status of so many services, a sample each 15 s, all under one metric as programs have it: two series an
 * instance. What belongs to one SLO goes out together.
 */
export function evaluationLoad(slos: number): EvaluationLoad {
  const all = Array.from({ length: slos }, (_, slo) => seriesOf(slo)).flat()
  const perRequest = Math.min(SERIES_PER_REQUEST, Math.ceil(all.length / LEAST_REQUESTS))
  const batches: LoadBatch[] = []
  const counters: RequestCounters[] = []
  let plainBytes = 0
  for (let from = 0; from < all.length; from += perRequest) {
    const series = all.slice(from, from + perRequest)
    const values = new RequestCounters(series, from)
    const { batch, plain } = remoteWriteBatch(
      series.map(({ labels }) => labels),
      values,
    )
    batches.push(batch)
    counters.push(values)
    plainBytes += plain
  }
  return {
    signal: 'samples',
    stepMs: STEP_MS,
    path: REMOTE_WRITE_PATH,
    headers: REMOTE_WRITE_HEADERS,
    batches,
    sentBytes: batches.reduce((sum, batch) => sum + batch.body.length, 0),
    plainBytes,
    series: all.length,
    totals() {
      const totals = new Float64Array(slos)
      for (const values of counters) values.addGrowth(totals)
      return totals
    },
  }
}

interface EvaluatedSeries {
  slo: number
  isBad: boolean
  labels: [name: string, value: string][]
}

function seriesOf(slo: number): EvaluatedSeries[] {
  return Array.from({ length: instancesOf(slo) }, (_, instance) =>
    STATUSES.map((status) => ({
      slo,
      isBad: status === '500',
      labels: [
        ['__name__', EVALUATED_METRIC],
        ['instance', `10.0.${instance}.${slo % 250}:9090`],
        ['job', `service-${slo % 20}`],
        ['slo', evaluatedName(slo)],
        ['status', status],
      ] satisfies [string, string][],
    })),
  ).flat()
}

/** Good requests steadily, bad ones now and then. */
class RequestCounters implements SteppedValues {
  readonly values: Float64Array
  readonly #first: Float64Array
  readonly #series: readonly EvaluatedSeries[]
  readonly #random: RandomBits
  #isFirst = true

  constructor(series: readonly EvaluatedSeries[], seed: number) {
    this.#series = series
    this.#random = new RandomBits(seed + 20_261_127)
    this.values = Float64Array.from(series, (_, i) => 1_000 + i)
    this.#first = this.values.slice()
  }

  step(): void {
    // The first sample of a counter that nobody saw begin counts nothing.
    if (this.#isFirst) {
      this.#isFirst = false
      return
    }
    for (const [i, { isBad }] of this.#series.entries()) {
      const events = isBad ? Number(this.#random.below(BAD_ODDS) === 0) : this.#random.below(50)
      this.values[i] = (this.values[i] ?? 0) + events
    }
  }

  addGrowth(totals: Float64Array): void {
    for (const [i, { slo }] of this.#series.entries())
      totals[slo] = (totals[slo] ?? 0) + (this.values[i] ?? 0) - (this.#first[i] ?? 0)
  }
}
