import { SeriesSlots } from '../../head/series-slots.ts'
import type { BucketRows } from './bucket-rows.ts'
import { BUCKET_MS, endOf, MINUTE_MS, REACH_MS } from './bucket-width.ts'
import { ChangedSeries } from './changed-series.ts'
import { ServiceMinutes, type ServiceGroup, type ServiceMinute } from './service-minutes.ts'

/** Words of a series: id (low, high), and what is known of it: 0 nothing, else group * 8 and the bits below. */
const WORDS = 4
const ABOUT = 2
const KNOWN = 1
const DELTA = 2
const GAUGE = 4
const GROUP_SHIFT = 3

/** Numbers of a series: its open bucket, its last sample, its open minute. Times are epoch ms. */
const NUMBERS = 10
const [END, LAST_AT, LAST, MIN, MAX, SUM, COUNT, INCREASE, MINUTE_END, MINUTE] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const

/** In place of an id's halves: nobody has the slot. Ids are hashes; the one of all ones is never given. */
const FREE = 0xffff_ffff

/** A series leaves when it has been silent for longer than any step reaches back. */
const SILENT_MS = REACH_MS + 2 * BUCKET_MS

/** What a series' values are: running totals, increments, or neither. */
export type ValueKind = 'total' | 'delta' | 'gauge'

/** Up to where buckets are closed and from where on they are whole, epoch ms. */
export interface Horizon {
  /** Buckets that end up to here have been summed up: what still comes for them changes them. */
  closedTo: number
  /** Samples behind this have all gone by here; older ones may be stored without. Infinity while that is not known. */
  wholeFrom: number
}

/**
 * Sums of one workspace's series by bucket of five minutes and by service and minute, made while samples go by in the
 * order of each series' time. Whatever is out of order, or follows something that did not go by, is noted as changed: its
 * buckets are to be computed from stored samples. The rules are those of rollUp5m and rollUpServices.
 */
export class WorkspaceTotals {
  readonly changed = new ChangedSeries()
  readonly #workspace: number
  readonly #horizon: Horizon
  readonly #rows: BucketRows
  readonly #services = new ServiceMinutes()
  readonly #slots = new SeriesSlots()
  readonly #freeSlots: number[] = []
  readonly #nameless = new Set<number>()
  readonly #touched = new Set<number>()
  #words = new Uint32Array(256 * WORDS)
  #numbers = new Float64Array(256 * NUMBERS)
  #count = 0
  #lastSlot = -1
  #lastTouched = NaN
  #newest = -Infinity
  /** Days that rows are kept. */
  retention = 0

  constructor(workspace: number, horizon: Horizon, rows: BucketRows) {
    this.#workspace = workspace
    this.#horizon = horizon
    this.#rows = rows
  }

  /** Series with an open bucket or a last sample. */
  get seriesCount(): number {
    return this.#count - this.#freeSlots.length
  }

  /** Ids of series that have samples and whose kind is not known. */
  unnamed(): string[] {
    return Array.from(this.#nameless, (slot) => this.idOf(slot))
  }

  /** Says what the series is whose id is given in halves; `group` is null where it is no counter. */
  define(low: number, high: number, kind: ValueKind, group: ServiceGroup | null): void {
    const slot = this.#slotOf(low, high)
    const at = slot * WORDS + ABOUT
    this.#nameless.delete(slot)
    if (this.#words[at] !== 0) return
    const number = group ? this.#services.enter(group) : 0
    this.#words[at] = (number << GROUP_SHIFT) | (kind === 'gauge' ? GAUGE : 0) | (kind === 'delta' ? DELTA : 0) | KNOWN
  }

  /** Nobody can say what these series are; their buckets stay with the store. */
  leaveUnnamed(ids: readonly string[]): void {
    for (const id of ids) {
      const whole = BigInt(id)
      this.#nameless.delete(this.#slotOf(Number(whole & 0xffff_ffffn), Number(whole >> 32n)))
    }
  }

  /**
   * Takes samples in their order: ids of series in halves, instants (epoch ms) as halves of 64-bit words. No number is no
   * sample. Answers the newest instant. All of a block in one loop: the arrays of the slots are looked up once.
   */
  append(series: Uint32Array, at: Uint32Array, values: Float64Array): number {
    let newest = -Infinity
    let [words, n, count] = [this.#words, this.#numbers, this.#count]
    let slot = this.#lastSlot
    for (let i = 0; i < values.length; i++) {
      const time = (at[2 * i + 1]! | 0) * 0x1_0000_0000 + at[2 * i]!
      if (time > newest) newest = time
      const value = values[i]!
      if (value !== value) continue
      const [low, high] = [series[2 * i]!, series[2 * i + 1]!]
      // Senders repeat their series in one order, so the next is mostly the one behind the last.
      slot++
      if (slot >= count || words[slot * WORDS] !== low || words[slot * WORDS + 1] !== high) {
        slot = this.#slotOf(low, high)
        words = this.#words
        n = this.#numbers
        count = this.#count
      }
      const p = slot * NUMBERS
      const lastAt = n[p + LAST_AT]!
      if (time <= lastAt) {
        this.#late(slot, time, value)
        continue
      }
      const last = n[p + LAST]!
      let step = value >= last ? value - last : value
      let minuteStep = step
      if (time > n[p + END]!) {
        const start = this.#open(slot, time)
        if (!(lastAt > start - REACH_MS)) step = 0
        minuteStep = lastAt > start - BUCKET_MS ? step : 0
      } else if (time > n[p + MINUTE_END]!) this.#openMinute(slot, time)
      n[p + LAST_AT] = time
      n[p + LAST] = value
      if (value < n[p + MIN]!) n[p + MIN] = value
      if (value > n[p + MAX]!) n[p + MAX] = value
      n[p + SUM]! += value
      n[p + COUNT]! += 1
      n[p + INCREASE]! += step
      n[p + MINUTE]! += (words[slot * WORDS + ABOUT]! & DELTA) === 0 ? minuteStep : value
    }
    this.#lastSlot = slot
    return newest
  }

  /** Closes all buckets that end up to `to`. */
  close(to: number): void {
    for (let slot = 0; slot < this.#count; slot++) {
      const p = slot * NUMBERS
      if (this.#numbers[p + COUNT] === 0 || this.#numbers[p + END]! > to) continue
      this.#closeBucket(slot)
      // What still comes for the bucket opens it anew, as one that was closed.
      this.#numbers[p + END] = this.#numbers[p + LAST_AT]!
    }
    for (const start of this.#services.dropSurplus()) this.changeAll(start)
  }

  /** Minutes of services that start in [from, to), once. */
  takeServices(from: number, to: number): ServiceMinute[] {
    return this.#services.take(from, to)
  }

  /** Whether samples came for the bucket since this was asked last. */
  takeTouched(start: number): boolean {
    this.#lastTouched = NaN
    return this.#touched.delete(start)
  }

  /** What is known of the bucket is not to be relied on. */
  changeAll(start: number): void {
    this.changed.addAll(start)
    this.#touched.add(start)
  }

  idOf(slot: number): string {
    const at = slot * WORDS
    return ((BigInt(this.#words[at + 1]!) << 32n) | BigInt(this.#words[at]!)).toString()
  }

  /** Lets go of series that are silent for so long that no step begins with their last sample. */
  sweep(): void {
    const named = this.changed.named()
    for (let slot = 0; slot < this.#count; slot++) {
      const lastAt = this.#numbers[slot * NUMBERS + LAST_AT]!
      const isIdle = this.#numbers[slot * NUMBERS + COUNT] === 0 && lastAt <= this.#horizon.closedTo
      if (isIdle && lastAt < this.#newest - SILENT_MS && !this.#isFree(slot) && !named.has(slot)) this.#remove(slot)
    }
  }

  /**
   * A sample that is not the newest of its series. A repeat changes nothing; anything else changes its bucket and, within
   * reach, that of the sample behind it, which may be any up to the newest.
   */
  #late(slot: number, at: number, value: number): void {
    const p = slot * NUMBERS
    const lastAt = this.#numbers[p + LAST_AT]!
    if (at === lastAt) {
      if (value === this.#numbers[p + LAST]) return
      this.#numbers[p + LAST] = Math.max(value, this.#numbers[p + LAST]!)
    }
    this.#change(slot, at, lastAt)
  }

  /** Notes the buckets of a late sample and of whichever follows it within reach, up to that of `latest`. */
  #change(slot: number, at: number, latest: number): void {
    const until = endOf(Math.min(latest, at + REACH_MS), BUCKET_MS)
    for (let end = endOf(at, BUCKET_MS); end <= until; end += BUCKET_MS) {
      this.changed.add(slot, end - BUCKET_MS)
      this.#touch(end - BUCKET_MS)
    }
  }

  /** Closes the series' bucket and begins the one that holds the instant; its start. */
  #open(slot: number, at: number): number {
    const n = this.#numbers
    const p = slot * NUMBERS
    if (n[p + COUNT]! > 0) this.#closeBucket(slot)
    const end = endOf(at, BUCKET_MS)
    const start = end - BUCKET_MS
    const { closedTo, wholeFrom } = this.#horizon
    // Buckets that begin before `wholeFrom` are computed anew anyway.
    const mayMissOne = n[p + LAST_AT]! < wholeFrom && start - REACH_MS < wholeFrom
    const isNameless = this.#words[slot * WORDS + ABOUT] === 0
    if (start >= wholeFrom && (end <= closedTo || mayMissOne || isNameless)) this.changed.add(slot, start)
    // It may have left and come back, and this be late: what followed was forgotten with it.
    if (end <= closedTo) this.#change(slot, at, closedTo)
    this.#touch(start)
    n[p + END] = end
    n[p + MIN] = Infinity
    n[p + MAX] = -Infinity
    n[p + MINUTE_END] = endOf(at, MINUTE_MS)
    if (at > this.#newest) this.#newest = at
    return start
  }

  #openMinute(slot: number, at: number): void {
    this.#closeMinute(slot)
    this.#numbers[slot * NUMBERS + MINUTE_END] = endOf(at, MINUTE_MS)
  }

  #closeMinute(slot: number): void {
    const p = slot * NUMBERS
    const about = this.#words[slot * WORDS + ABOUT]!
    const group = about >>> GROUP_SHIFT
    if (group > 0) this.#services.add(group, this.#numbers[p + MINUTE_END]!, this.#numbers[p + MINUTE]!)
    this.#numbers[p + MINUTE] = 0
  }

  #closeBucket(slot: number): void {
    this.#closeMinute(slot)
    const n = this.#numbers
    const p = slot * NUMBERS
    const about = this.#words[slot * WORDS + ABOUT]!
    const start = this.#startOf(slot)
    if (about !== 0 && start >= this.#horizon.wholeFrom) {
      const chunk = this.#rows.next()
      const row = chunk.rows++
      chunk.workspace[row] = this.#workspace
      chunk.retention[row] = this.retention
      chunk.series[2 * row] = this.#words[slot * WORDS]!
      chunk.series[2 * row + 1] = this.#words[slot * WORDS + 1]!
      chunk.at[row] = start
      // Gauges have neither an increase nor, as only that begins there, a last sample.
      const isGauge = (about & GAUGE) !== 0
      chunk.last[row] = isGauge ? n[p + MAX]! : n[p + LAST]!
      chunk.lastAt[row] = n[p + LAST_AT]!
      chunk.min[row] = n[p + MIN]!
      chunk.max[row] = n[p + MAX]!
      chunk.sum[row] = n[p + SUM]!
      chunk.count[row] = n[p + COUNT]!
      chunk.increase[row] = isGauge ? 0 : (about & DELTA) === 0 ? n[p + INCREASE]! : n[p + SUM]!
    }
    n[p + SUM] = 0
    n[p + COUNT] = 0
    n[p + INCREASE] = 0
  }

  #startOf(slot: number): number {
    return this.#numbers[slot * NUMBERS + END]! - BUCKET_MS
  }

  #touch(start: number): void {
    if (start === this.#lastTouched) return
    this.#lastTouched = start
    this.#touched.add(start)
  }

  #slotOf(low: number, high: number): number {
    const found = this.#slots.find(this.#words, WORDS, low, high)
    return found >= 0 ? found : this.#addSlot(low, high)
  }

  #addSlot(low: number, high: number): number {
    const slot = this.#freeSlots.pop() ?? this.#count++
    if (slot * WORDS === this.#words.length) {
      const [words, numbers] = [new Uint32Array(this.#words.length * 2), new Float64Array(this.#numbers.length * 2)]
      words.set(this.#words)
      numbers.set(this.#numbers)
      this.#words = words
      this.#numbers = numbers
    }
    this.#words[slot * WORDS] = low
    this.#words[slot * WORDS + 1] = high
    this.#words[slot * WORDS + ABOUT] = 0
    this.#numbers.fill(0, slot * NUMBERS, (slot + 1) * NUMBERS)
    this.#numbers[slot * NUMBERS + END] = -Infinity
    this.#numbers[slot * NUMBERS + LAST_AT] = -Infinity
    this.#slots.add(this.#words, WORDS, slot)
    this.#nameless.add(slot)
    return slot
  }

  #isFree(slot: number): boolean {
    return this.#words[slot * WORDS] === FREE && this.#words[slot * WORDS + 1] === FREE
  }

  #remove(slot: number): void {
    this.#slots.remove(this.#words, WORDS, slot)
    this.#services.leave(this.#words[slot * WORDS + ABOUT]! >>> GROUP_SHIFT)
    this.#words.fill(FREE, slot * WORDS, slot * WORDS + ABOUT)
    this.#nameless.delete(slot)
    this.#freeSlots.push(slot)
  }
}
