import { compileSelector, type Labels, type SeriesDefinition, type SeriesSelector } from '@nines/contracts'
import type { SeriesRows } from '@nines/wire'
import { Aggregator } from '../evaluate/aggregate.ts'
import { evaluateSeries, windowOf } from '../evaluate/evaluate-series.ts'
import { LabelGroups } from '../evaluate/label-groups.ts'
import { instantOf, LOOKBACK_MS, type Points } from '../evaluate/points.ts'
import type { QueryRow, TelemetryQuery } from '../evaluate/telemetry-query.ts'
import { kernelOf } from '../evaluate/window-function.ts'
import { LabelIndex } from './label-index.ts'
import { RING_WORDS, type SampleRings } from './sample-rings.ts'
import { SeriesSlots } from './series-slots.ts'

/** Words of a series: id (low, high), ring, labels, metric number * 2 + (1 for delta). Metric 0 is not known. */
const STRIDE = 8
const RING = 2
const LABELS = RING + RING_WORDS
const METRIC = LABELS + 1

/** In place of a metric number: nobody has this slot. */
const FREE = 0xffff_ffff

const MAX_SELECTIONS = 500

/** Functions whose first step is counted from the last sample before the window. */
const STEPPING: ReadonlySet<string> = new Set(['increase', 'rate', 'delta'])

interface Metric {
  name: string
  slots: number[]
}

/** Series of a selector, worked out once, until its metric gets or loses a series. */
interface Selection {
  slots: Uint32Array
  groups: Map<string, { numbers: Uint32Array; labels: Labels[] }>
}

/** Recent samples of one workspace's series, with what it takes to select and group them. */
export class WorkspaceHead {
  readonly #rings: SampleRings
  readonly #base: number
  #words = new Uint32Array(256 * STRIDE)
  #count = 0
  readonly #freeSlots: number[] = []
  readonly #slots = new SeriesSlots()
  readonly #labels = new LabelIndex()
  readonly #metrics: Metric[] = [{ name: '', slots: [] }]
  readonly #metricNumbers = new Map<string, number>()
  /** Selections by metric number and selector. */
  readonly #selections = new Map<number, Map<string, Selection>>()
  readonly #nameless = new Set<number>()
  #lastSlot = -1
  readonly #points: Points = { at: new Float64Array(64), value: new Float64Array(64), length: 0 }

  /** @param base epoch ms that instants of samples are counted from */
  constructor(rings: SampleRings, base: number) {
    this.#rings = rings
    this.#base = base
  }

  get seriesCount(): number {
    return this.#count - this.#freeSlots.length
  }

  /** Ids of series that have samples but whose definition has not been seen. */
  unnamed(): string[] {
    return Array.from(this.#nameless, (slot) => this.#idOf(slot))
  }

  /** Gives a series its name. Those that are no plain numbers are none of the head's. */
  define({ id, kind, metric, labels, temporality }: SeriesDefinition): void {
    const whole = BigInt(id)
    const slot = this.#slotToName(kind, Number(whole & 0xffff_ffffn), Number(whole >> 32n))
    if (slot >= 0) this.#name(slot, metric, temporality, this.#labels.add(labels))
  }

  /** The same for every row of a block's definitions. */
  defineRows(rows: SeriesRows): void {
    while (rows.next()) {
      const slot = this.#slotToName(rows.kind, rows.idLow, rows.idHigh)
      if (slot >= 0) this.#name(slot, rows.metric, rows.temporality, this.#labels.addRow(rows))
    }
  }

  /** Nobody knows the names of these series: no query means them, so none has to wait for them. */
  leaveUnnamed(ids: readonly string[]): void {
    for (const id of ids) {
      const whole = BigInt(id)
      this.#nameless.delete(this.#slotOf(Number(whole & 0xffff_ffffn), Number(whole >> 32n)))
    }
  }

  /** Takes one sample of the series whose id is given in halves; `at` is ms since the base. */
  append(low: number, high: number, at: number, value: number): void {
    // Senders repeat their series in one order, so the next is mostly the one behind the last.
    let slot = this.#lastSlot + 1
    const position = slot * STRIDE
    const isNext =
      slot < this.#count &&
      this.#words[position] === low &&
      this.#words[position + 1] === high &&
      this.#words[position + METRIC] !== FREE
    if (!isNext) slot = this.#slotOf(low, high)
    this.#lastSlot = slot
    this.#rings.append(this.#words, slot * STRIDE + RING, at, value)
  }

  /**
   * The answer, or null when the head does not hold every sample that it takes.
   *
   * @param completeFrom epoch ms from which on the head has seen every sample
   */
  evaluate(query: TelemetryQuery, completeFrom: number): QueryRow[] | null {
    if (this.#nameless.size > 0) return null
    const earliest = instantOf(query.grid, 0) - windowOf(query)
    if (earliest < completeFrom) return null
    const selection = this.#select(query.selector)
    const { aggregate, grid } = query
    const results = new Float64Array(grid.count)
    const groups = aggregate === null ? undefined : this.#groups(selection, query.by)
    const aggregator = aggregate === null ? undefined : new Aggregator(aggregate, grid.count, query.quantile)
    const rows: QueryRow[] = []
    const kernels = [kernelOf(query.function, false), kernelOf(query.function, true)] as const
    for (const [i, slot] of selection.slots.entries()) {
      const at = slot * STRIDE
      const position = at + RING
      if (this.#base + this.#rings.newest(this.#words, position) <= earliest) continue
      const lost = this.#rings.read(this.#words, position, this.#base, query.function !== 'last', this.#points)
      if (!this.#reaches(query, earliest, lost, completeFrom)) return null
      evaluateSeries(this.#points, kernels[(this.#words[at + METRIC]! & 1) as 0 | 1], query, results)
      if (aggregator && groups) aggregator.add(groups.numbers[i]!, results)
      else if (results.some((value) => !Number.isNaN(value)))
        rows.push({ labels: this.#labels.labels(this.#words[at + LABELS]!), values: results.slice() })
    }
    return aggregator && groups
      ? groups.labels.map((labels, group) => ({ labels, values: aggregator.results(group) }))
      : rows
  }

  /** Lets go of series without a sample since `before` (epoch ms). */
  sweep(before: number): void {
    const limit = before - this.#base
    const touched = new Set<number>()
    for (let slot = 0; slot < this.#count; slot++) {
      const at = slot * STRIDE
      if (this.#words[at + METRIC] === FREE || this.#rings.newest(this.#words, at + RING) >= limit) continue
      touched.add(this.#words[at + METRIC]! >>> 1)
      this.#remove(slot)
    }
    for (const number of touched) {
      const metric = this.#metrics[number]!
      metric.slots = metric.slots.filter((slot) => this.#words[slot * STRIDE + METRIC]! >>> 1 === number)
      this.#selections.delete(number)
    }
    if (this.#labels.isUntidy) this.#tidyLabels()
  }

  /**
   * Whether the samples read last, of which the newest let go was at `lost`, are all behind `earliest`, and the one before
   * it where the function counts a first step from there.
   */
  #reaches(query: TelemetryQuery, earliest: number, lost: number, completeFrom: number): boolean {
    const lostAt = lost === 0 ? -Infinity : this.#base + lost
    if (!STEPPING.has(query.function)) return lostAt <= earliest
    const known = Math.max(lostAt + 1, completeFrom)
    if (known <= earliest - LOOKBACK_MS + 1) return true
    let before = -1
    while (before + 1 < this.#points.length && this.#points.at[before + 1]! <= earliest) before++
    return before >= 0 && this.#points.at[before]! >= known
  }

  #select(selector: SeriesSelector): Selection {
    const number = this.#metricNumbers.get(selector.metric) ?? 0
    if (number === 0) return { slots: new Uint32Array(0), groups: new Map() }
    const ofMetric = this.#selections.get(number) ?? new Map<string, Selection>()
    this.#selections.set(number, ofMetric)
    const key = JSON.stringify(selector.matchers)
    const known = ofMetric.get(key)
    if (known) return known
    const matches = compileSelector(selector)
    const slots = this.#metrics[number]!.slots.filter((slot) => matches(this.#labelsOf(slot)))
    const made: Selection = { slots: Uint32Array.from(slots), groups: new Map() }
    if (ofMetric.size >= MAX_SELECTIONS) ofMetric.clear()
    ofMetric.set(key, made)
    return made
  }

  #groups(selection: Selection, by: readonly string[]) {
    const key = JSON.stringify(by)
    const known = selection.groups.get(key)
    if (known) return known
    const groups = new LabelGroups(by)
    const numbers = selection.slots.map((slot) => groups.numberOf(this.#labelsOf(slot)))
    const made = { numbers, labels: groups.labels }
    if (selection.groups.size >= MAX_SELECTIONS) selection.groups.clear()
    selection.groups.set(key, made)
    return made
  }

  #labelsOf(slot: number): Labels {
    return this.#labels.labels(this.#words[slot * STRIDE + LABELS]!)
  }

  #idOf(slot: number): string {
    const at = slot * STRIDE
    return ((BigInt(this.#words[at + 1]!) << 32n) | BigInt(this.#words[at]!)).toString()
  }

  /** The slot of a series that has no name yet; -1 where none is to be given. */
  #slotToName(kind: string, low: number, high: number): number {
    if (kind !== 'sum' && kind !== 'gauge') return -1
    const slot = this.#slotOf(low, high)
    this.#nameless.delete(slot)
    return this.#words[slot * STRIDE + METRIC]! > 1 ? -1 : slot
  }

  #name(slot: number, metric: string, temporality: string, labels: number): void {
    const number = this.#metricNumber(metric)
    this.#words[slot * STRIDE + LABELS] = labels
    this.#words[slot * STRIDE + METRIC] = number * 2 + (temporality === 'delta' ? 1 : 0)
    this.#metrics[number]!.slots.push(slot)
    this.#selections.delete(number)
  }

  #slotOf(low: number, high: number): number {
    const found = this.#slots.find(this.#words, STRIDE, low, high)
    return found >= 0 ? found : this.#addSlot(low, high)
  }

  #addSlot(low: number, high: number): number {
    const slot = this.#freeSlots.pop() ?? this.#count++
    const at = slot * STRIDE
    if (at === this.#words.length) {
      const grown = new Uint32Array(this.#words.length * 2)
      grown.set(this.#words)
      this.#words = grown
    }
    this.#words[at] = low
    this.#words[at + 1] = high
    this.#words[at + LABELS] = 0
    this.#words[at + METRIC] = 0
    this.#rings.open(this.#words, at + RING)
    this.#slots.add(this.#words, STRIDE, slot)
    this.#nameless.add(slot)
    return slot
  }

  #remove(slot: number): void {
    const at = slot * STRIDE
    const number = this.#words[at + METRIC]! >>> 1
    this.#slots.remove(this.#words, STRIDE, slot)
    this.#rings.close(this.#words, at + RING)
    if (number > 0) this.#labels.remove(this.#words[at + LABELS]!)
    this.#words.fill(0, at, at + STRIDE)
    this.#words[at + METRIC] = FREE
    this.#nameless.delete(slot)
    this.#freeSlots.push(slot)
  }

  #tidyLabels(): void {
    const named = new Map<number, number>()
    for (let slot = 0; slot < this.#count; slot++) {
      const position = this.#words[slot * STRIDE + LABELS]!
      if (position > 0) named.set(position, slot)
    }
    this.#labels.tidy(named.keys(), (from, to) => {
      this.#words[named.get(from)! * STRIDE + LABELS] = to
    })
  }

  #metricNumber(name: string): number {
    const known = this.#metricNumbers.get(name)
    if (known !== undefined) return known
    const number = this.#metrics.length
    this.#metrics.push({ name, slots: [] })
    this.#metricNumbers.set(name, number)
    return number
  }
}
