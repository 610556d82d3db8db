import { ByteWriter } from '../load/byte-writer.ts'
import { RandomBits } from '../load/random-bits.ts'
import { benchSeries } from '../load/series-labels.ts'
import { literalSnappy } from './literal-snappy.ts'

export const RATE_METRIC = 'bench_http_requests_total'
export const SLO_BAD_METRIC = 'bench_slo_bad_total'
export const SLO_TOTAL_METRIC = 'bench_slo_events_total'

const RATE_SERIES = 1_000
const RATE_STEP_MS = 15_000
/** Names of the SLOs, the value of label `slo`. */
export const sloNames: readonly string[] = Array.from({ length: 100 }, (_, i) => `slo-${String(i).padStart(3, '0')}`)
const SLO_STEP_MS = 60_000
/** Data goes in by the quarter of an hour, oldest first: Prometheus takes nothing much older than its newest sample. */
const WINDOW_MS = 900_000
const SAMPLES_PER_REQUEST = 5_000
const COUNTER = 1
const HOUR_MS = 3_600_000
/** Data begin this long before the spans: questions that are asked as some moves ago reach no further. */
const SPARE_MS = HOUR_MS

export interface QueryDataSpan {
  /** From which instant (epoch ms, a whole minute) the spans count back. */
  beganMs: number
  rateHours: number
  sloDays: number
}

/** Requests of one quarter of an hour; they may go out together, the next window's only after them. */
export interface DataWindow {
  requests: Buffer[]
  samples: number
}

/** A counter that grows at random and now and then begins anew. */
interface CounterSeries {
  labels: Buffer
  stepMs: number
  fromMs: number
  value: number
  growth: number
  resetEvery: number
}

/**
 * 1,000 series of requests every 15 s and 100 SLOs of two series every minute, as remote write 1.0. Each series has a
 * sample at every whole step from the beginning of its span to its end, both included, so that windows begin and end on
 * samples and no system has to extrapolate.
 */
export class QueryData {
  readonly #random = new RandomBits(20_261_126)
  readonly #series: CounterSeries[]
  #next: number
  #isFirst = true

  constructor(span: QueryDataSpan) {
    this.#series = [...rateSeries(span), ...sloSeries(span)]
    this.#next = Math.min(...this.#series.map((s) => s.fromMs))
  }

  /** What comes behind that which was asked for before, up to `endMs` (epoch ms), which is included. */
  *windowsUntil(endMs: number): Generator<DataWindow> {
    while (this.#next <= endMs) {
      const from = this.#next
      const to = Math.min(from + WINDOW_MS, endMs + 1)
      const window = new WindowWriter(this.#isFirst)
      for (const one of this.#series) if (to > one.fromMs) window.add(one, Math.max(from, one.fromMs), to, this.#random)
      this.#next = to
      this.#isFirst = false
      yield window.finish()
    }
  }
}

function rateSeries({ beganMs, rateHours }: QueryDataSpan): CounterSeries[] {
  return Array.from({ length: RATE_SERIES }, (_, i) => {
    const { pod, own } = benchSeries(i)
    return counter(RATE_METRIC, [...pod, ...own], RATE_STEP_MS, beganMs - rateHours * HOUR_MS - SPARE_MS, 1 + (i % 300))
  })
}

function sloSeries({ beganMs, sloDays }: QueryDataSpan): CounterSeries[] {
  const fromMs = beganMs - sloDays * 24 * HOUR_MS - SPARE_MS
  return sloNames.flatMap((slo, i) => {
    const labels: [string, string][] = [
      ['job', `service-${i % 20}`],
      ['slo', slo],
    ]
    return [
      counter(SLO_BAD_METRIC, labels, SLO_STEP_MS, fromMs, 2),
      counter(SLO_TOTAL_METRIC, labels, SLO_STEP_MS, fromMs, 2_000 + i),
    ]
  })
}

function counter(
  metric: string,
  labels: readonly [string, string][],
  stepMs: number,
  fromMs: number,
  growth: number,
): CounterSeries {
  const message = new ByteWriter()
  const all = [['__name__', metric] as const, ...labels]
  for (const [name, value] of all.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const label = new ByteWriter()
    label.string(1, name)
    label.string(2, value)
    message.message(1, label)
  }
  return { labels: Buffer.from(message.finish()), stepMs, fromMs, value: 0, growth, resetEvery: 3_000 }
}

class WindowWriter {
  readonly #requests: Buffer[] = []
  #request = new ByteWriter()
  #inRequest = 0
  #samples = 0

  constructor(isFirst: boolean) {
    if (isFirst) for (const metric of [RATE_METRIC, SLO_BAD_METRIC, SLO_TOTAL_METRIC]) this.#addMetadata(metric)
  }

  add(series: CounterSeries, from: number, to: number, random: RandomBits): void {
    const first = series.fromMs + Math.ceil((from - series.fromMs) / series.stepMs) * series.stepMs
    if (first >= to) return
    const message = new ByteWriter()
    message.raw(series.labels)
    for (let at = first; at < to; at += series.stepMs) {
      if (random.below(series.resetEvery) === 0) series.value = 0
      else series.value += random.below(series.growth + 1)
      const sample = new ByteWriter()
      sample.double(1, series.value)
      sample.uint(2, at)
      message.message(2, sample)
      this.#inRequest++
    }
    this.#request.message(1, message)
    if (this.#inRequest >= SAMPLES_PER_REQUEST) this.#cut()
  }

  finish(): DataWindow {
    if (this.#inRequest > 0) this.#cut()
    return { requests: this.#requests, samples: this.#samples }
  }

  #addMetadata(metric: string): void {
    const metadata = new ByteWriter()
    metadata.uint(1, COUNTER)
    metadata.string(2, metric)
    this.#request.message(3, metadata)
  }

  #cut(): void {
    this.#requests.push(literalSnappy(this.#request.finish()))
    this.#samples += this.#inRequest
    this.#inRequest = 0
    this.#request = new ByteWriter()
  }
}
