import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { emptyBlock, seriesId } from '@nines/wire'
import { RandomBits } from '../load/random-bits.ts'
import type { NinesTarget } from '../targets/nines.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** Whose requests they are. */
export const SERVICE = 'bench'
/** A pod is replaced by another so often: running totals begin anew under the same labels. */
const RESTART_ODDS = 40_000
/** One hour in so many is bad. */
const BAD_HOUR_ODDS = 300

export interface HistoryShape {
  days: number
  instances: number
  stepSeconds: number
}

/** The metric of one SLO: requests by status of so many instances. */
export const requestsOf = (slo: string) => `bench_${slo}_requests`

/**
 * Stores so many days of cumulative counters, two series an instance, as if they had come in at their time: straight into
 * the telemetry store, a day a record. Answers the number of samples.
 */
export async function storeHistory(
  { telemetry: address, workspace = 0 }: NinesTarget,
  slo: string,
  { days, instances, stepSeconds }: HistoryShape,
): Promise<number> {
  const telemetry = createTelemetry(address)
  const series = seriesOf(slo, instances)
  const ids = series.map(({ id }) => BigInt(id))
  const to = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const counters = new Counters(instances)
  let samples = 0
  try {
    for (let day = to - days * DAY_MS; day < to; day += DAY_MS) {
      const rows = counters.day(ids, day, stepSeconds * 1000)
      samples += rows.at.length
      await insertBlocks(telemetry, [{ ...emptyBlock(workspace, day), series, samples: rows }], `${slo}-${day}`)
    }
    // As ingest announces series again while they go on.
    await insertBlocks(telemetry, [{ ...emptyBlock(workspace, to), series }], `${slo}-${to}`)
    return samples
  } finally {
    await telemetry.close()
  }
}

function seriesOf(slo: string, instances: number) {
  return Array.from({ length: instances }, (_, instance) => ['200', '500'].map((status) => ({ instance, status })))
    .flat()
    .map(({ instance, status }) => {
      const definition = {
        metric: requestsOf(slo),
        kind: 'sum' as const,
        temporality: 'cumulative' as const,
        monotonic: true,
        unit: '1',
        description: '',
        labels: { service: SERVICE, instance: `pod-${instance}`, status },
      }
      return { id: seriesId(definition), ...definition }
    })
}

/** Requests of all instances: good ones steadily, bad ones now and then and for whole hours. */
class Counters {
  readonly #random = new RandomBits(20_261_126)
  readonly #totals: number[]
  readonly #starts: number[]

  constructor(instances: number) {
    this.#totals = Array.from({ length: instances * 2 }, () => 0)
    this.#starts = Array.from({ length: instances * 2 }, () => 0)
  }

  /** Columns ordered by series and time, as the store keeps them. */
  day(series: readonly bigint[], from: number, stepMs: number) {
    const steps = DAY_MS / stepMs
    const length = series.length * steps
    const rows = {
      series: new BigUint64Array(length),
      at: new Float64Array(length),
      start: new Float64Array(length),
      value: new Float64Array(length),
    }
    const badHours = Array.from({ length: 24 }, () => this.#random.below(BAD_HOUR_ODDS) === 0)
    let row = 0
    for (const [i, id] of series.entries()) {
      for (let step = 0; step < steps; step++, row++) {
        const at = from + step * stepMs
        rows.series[row] = id
        rows.at[row] = at
        rows.value[row] = this.#count(i, at, badHours[Math.floor((step * 24) / steps)] === true)
        rows.start[row] = this.#starts[i] ?? 0
      }
    }
    return rows
  }

  #count(series: number, at: number, isBadHour: boolean): number {
    const isNew = this.#starts[series] === 0 || this.#random.below(RESTART_ODDS) === 0
    if (isNew) [this.#starts[series], this.#totals[series]] = [at, 0]
    const isBad = series % 2 === 1
    const events = isBad ? this.#badEvents(isBadHour) : this.#random.below(50)
    return (this.#totals[series] = (this.#totals[series] ?? 0) + events)
  }

  #badEvents(isBadHour: boolean): number {
    return isBadHour ? this.#random.below(20) : Number(this.#random.below(2_000) === 0)
  }
}
