import type { Labels } from '@nines/contracts'
import { HyperLogLog } from './hyper-log-log.ts'
import type { SeriesBytes } from './series-bytes.ts'
import type { MetricCount } from './series-table.ts'

/** What series of one workspace cost, for a screen. */
export interface SeriesStatistics {
  /** Series with a point within the last two hours. */
  activeSeries: number
  newSeriesThisMinute: number
  /** Ten metrics with the most active series. */
  topMetrics: { metric: string; series: number }[]
  /** Ten labels with the most distinct values of the last hours, by estimate (3%). */
  topLabels: { label: string; values: number }[]
}

const TOP = 10
/** Labels whose values are counted; of a sender that makes up names, the first. */
const MAX_LABELS = 500
const PERIOD_MS = 3_600_000

type LabelCounts = Map<string, HyperLogLog>

/** Counts the series of one workspace as they come and go. */
export class WorkspaceSeries {
  active = 0
  readonly metrics = new Map<string, MetricCount & { number: number }>()
  #minute = 0
  #newInMinute = 0
  /** Values seen in the current hour and the one before. */
  #labels: LabelCounts = new Map()
  #formerLabels: LabelCounts = new Map()
  #period = 0

  newInMinute(now: number): number {
    return Math.floor(now / 60_000) === this.#minute ? this.#newInMinute : 0
  }

  countNew(now: number): void {
    this.#newInMinute = this.newInMinute(now) + 1
    this.#minute = Math.floor(now / 60_000)
    this.active++
  }

  /** Counts the values of a series' labels. To be called from time to time while the series is active. */
  observe(labels: Labels, now: number): void {
    this.#turn(now)
    for (const name in labels) this.#countsOf(name)?.add(labels[name]!)
  }

  /** The same for a definition in bytes. */
  observeBytes(definition: SeriesBytes, now: number): void {
    this.#turn(now)
    definition.forEachLabel(this.#observeValue)
  }

  statistics(now: number): SeriesStatistics {
    const metrics = Array.from(this.metrics.values(), ({ metric, series }) => ({ metric, series }))
    const names = new Set([...this.#labels.keys(), ...this.#formerLabels.keys()])
    const labels = Array.from(names, (label) => {
      const [now, before] = [this.#labels.get(label), this.#formerLabels.get(label)]
      return { label, values: now ? now.estimate(before) : (before?.estimate() ?? 0) }
    })
    return {
      activeSeries: this.active,
      newSeriesThisMinute: this.newInMinute(now),
      topMetrics: metrics.sort((a, b) => b.series - a.series || compare(a.metric, b.metric)).slice(0, TOP),
      topLabels: labels.sort((a, b) => b.values - a.values || compare(a.label, b.label)).slice(0, TOP),
    }
  }

  readonly #observeValue = (name: string, bytes: Buffer, start: number, end: number): void => {
    this.#countsOf(name)?.addAscii(bytes, start, end)
  }

  /** Lets the hour go by. */
  #turn(now: number): void {
    const period = Math.floor(now / PERIOD_MS)
    if (period > this.#period) {
      this.#formerLabels = period === this.#period + 1 ? this.#labels : new Map()
      this.#labels = new Map()
      this.#period = period
    }
  }

  #countsOf(label: string): HyperLogLog | undefined {
    const known = this.#labels.get(label)
    if (known || this.#labels.size >= MAX_LABELS) return known
    const made = new HyperLogLog()
    this.#labels.set(label, made)
    return made
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
