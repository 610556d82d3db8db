import { ExponentialHistogram } from './exponential-histogram.ts'
import type { StatsdMetric } from './statsd-message.ts'
import type { StatsdSeries } from './statsd-series.ts'

export interface AggregatorOptions {
  /** Epoch ms at which the first interval starts. */
  startMs: number
  /** Distinct series of one interval, gauges that are kept included. */
  maxSeries: number
  /** Distinct members of all sets of one interval. */
  maxSetMembers: number
  /** A gauge that is not set again for this long is forgotten. */
  gaugeKeepMs: number
}

/** What became of a message; anything but taken counts as dropped. */
export type Added = 'taken' | 'too_many_series' | 'too_many_set_members'

type Identity = Pick<StatsdSeries, 'name' | 'unit' | 'tags'>
interface Counter extends Identity {
  total: number
}
interface Gauge extends Identity {
  value: number
  setAt: number
}
interface Distribution extends Identity {
  histogram: ExponentialHistogram
}
interface Stamped extends Identity {
  type: 'c' | 'g'
  at: number
  value: number
}
interface Members extends Identity {
  members: Set<string>
}

/** A sender's timestamp has whole seconds: its counter covers the second that begins there. */
const STAMP_MS = 1000

/**
 * Sums up the messages of one interval by name, type and tags. A counter, timer or set that is not sent in an interval
 * is not there in it; a gauge keeps its value. Messages with a timestamp of their own (counters and gauges; others'
 * is not looked at) are summed up apart for each second.
 */
export class StatsdAggregator {
  readonly #options: AggregatorOptions
  #startMs: number
  readonly #counters = new Map<string, Counter>()
  readonly #distributions = new Map<string, Distribution>()
  readonly #sets = new Map<string, Members>()
  readonly #gauges = new Map<string, Gauge>()
  readonly #stamped = new Map<string, Stamped>()
  #setMembers = 0

  constructor(options: AggregatorOptions) {
    this.#options = options
    this.#startMs = options.startMs
  }

  get seriesCount(): number {
    const maps = [this.#counters, this.#distributions, this.#sets, this.#gauges, this.#stamped]
    return maps.reduce((sum, map) => sum + map.size, 0)
  }

  /** Takes a message that arrived at `now`, epoch ms. */
  add(message: StatsdMetric, now: number): Added {
    const { name, type, tags, timestamp } = message
    const key = [type, name, ...tags.flat()].join('\0')
    if (timestamp !== null && (type === 'c' || type === 'g'))
      return this.#addStamped(`${timestamp}\0${key}`, message, type, timestamp * 1000)
    if (type === 'c') return this.#count(key, message)
    if (type === 'g') return this.#measure(key, message, now)
    return type === 's' ? this.#addMember(key, message) : this.#observe(key, message)
  }

  /** Ends the interval at `now` and starts the next. */
  flush(now: number): StatsdSeries[] {
    for (const [key, gauge] of this.#gauges) if (now - gauge.setAt > this.#options.gaugeKeepMs) this.#gauges.delete(key)
    // The clock may have been set back; an interval that ends before it starts would be refused.
    const interval = { startMs: Math.min(this.#startMs, now), endMs: now }
    const series: StatsdSeries[] = [
      ...map(this.#counters, ({ total, ...id }) => ({ ...id, ...interval, kind: 'counter' as const, value: total })),
      ...map(this.#gauges, ({ name, unit, tags, value }) => ({
        name,
        unit,
        tags,
        ...interval,
        kind: 'gauge' as const,
        value,
      })),
      ...map(this.#sets, ({ members, ...id }) => ({
        ...id,
        ...interval,
        kind: 'gauge' as const,
        value: members.size,
      })),
      ...map(this.#distributions, ({ histogram, ...id }) => ({
        ...id,
        ...interval,
        kind: 'histogram' as const,
        value: histogram.point(),
      })),
      ...map(this.#stamped, ({ at, type, ...point }) => ({
        ...point,
        kind: type === 'c' ? ('counter' as const) : ('gauge' as const),
        startMs: at,
        endMs: type === 'c' ? at + STAMP_MS : at,
      })),
    ]
    for (const ended of [this.#counters, this.#distributions, this.#sets, this.#stamped]) ended.clear()
    this.#setMembers = 0
    this.#startMs = now
    return series
  }

  #count(key: string, message: StatsdMetric): Added {
    const counter = this.#series(this.#counters, key, () => ({ ...identity(message), total: 0 }))
    if (!counter) return 'too_many_series'
    counter.total += counted(message)
    return 'taken'
  }

  #measure(key: string, message: StatsdMetric, now: number): Added {
    const gauge = this.#series(this.#gauges, key, () => ({ ...identity(message), value: 0, setAt: now }))
    if (!gauge) return 'too_many_series'
    gauge.value = measured(message, gauge.value)
    gauge.setAt = now
    return 'taken'
  }

  #observe(key: string, message: StatsdMetric): Added {
    const create = () => ({ ...identity(message), histogram: new ExponentialHistogram() })
    const distribution = this.#series(this.#distributions, key, create)
    if (!distribution) return 'too_many_series'
    for (const value of message.values) distribution.histogram.add(value, 1 / message.sampleRate)
    return 'taken'
  }

  #addStamped(key: string, message: StatsdMetric, type: 'c' | 'g', at: number): Added {
    const point = this.#series(this.#stamped, key, () => ({ ...identity(message), type, at, value: 0 }))
    if (!point) return 'too_many_series'
    point.value = type === 'c' ? point.value + counted(message) : measured(message, point.value)
    return 'taken'
  }

  #addMember(key: string, message: StatsdMetric): Added {
    const set = this.#series(this.#sets, key, () => ({ ...identity(message), members: new Set<string>() }))
    if (!set) return 'too_many_series'
    if (set.members.has(message.member)) return 'taken'
    if (this.#setMembers >= this.#options.maxSetMembers) return 'too_many_set_members'
    set.members.add(message.member)
    this.#setMembers++
    return 'taken'
  }

  #series<T>(map: Map<string, T>, key: string, create: () => T): T | undefined {
    const known = map.get(key)
    if (known || this.seriesCount >= this.#options.maxSeries) return known
    const created = create()
    map.set(key, created)
    return created
  }
}

function counted({ values, sampleRate }: StatsdMetric): number {
  return values.reduce((sum, value) => sum + value, 0) / sampleRate
}

function measured({ values, relative }: StatsdMetric, before: number): number {
  return values.reduce((value, next, i) => (relative[i] ? value + next : next), before)
}

function identity({ name, type, tags }: StatsdMetric): Identity {
  return { name, tags, unit: type === 'ms' ? 'ms' : '' }
}

function map<T, R>(source: Map<string, T>, make: (value: T) => R): R[] {
  return [...source.values()].map(make)
}
