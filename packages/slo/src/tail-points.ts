import type { CounterPoint } from './counter-increase.ts'

/** Points of one series, ascending. */
export interface TailPoints {
  readonly length: number
  /** Instant of the point at the place, epoch ms; undefined where there is none. */
  at(place: number): number | undefined
  get(place: number): CounterPoint | undefined
  insert(place: number, point: CounterPoint): void
  dropFirst(count: number): void
}

/** Whether a point is one number, as that of a counter or a gauge. */
export function isScalar({ counts, bounds, exponential }: CounterPoint): boolean {
  return counts.length === 1 && bounds === null && exponential === undefined
}

/** Points of any shape, as they came. */
export class ObjectPoints implements TailPoints {
  readonly #points: CounterPoint[] = []

  get length(): number {
    return this.#points.length
  }

  at(place: number): number | undefined {
    return this.#points[place]?.at
  }

  get(place: number): CounterPoint | undefined {
    return this.#points[place]
  }

  insert(place: number, point: CounterPoint): void {
    if (place === this.#points.length) this.#points.push(point)
    else this.#points.splice(place, 0, point)
  }

  dropFirst(count: number): void {
    this.#points.splice(0, count)
  }
}

const FIRST_ROWS = 4
const GROWTH = 1.5
/** Instant, start and value. */
const WIDTH = 3

/** Points of one number each, in one piece of memory: 24 bytes each, of which the garbage collector sees nothing. */
export class ScalarPoints implements TailPoints {
  #rows = new Float64Array(FIRST_ROWS * WIDTH)
  #length = 0

  get length(): number {
    return this.#length
  }

  at(place: number): number | undefined {
    return place >= 0 && place < this.#length ? this.#rows[place * WIDTH] : undefined
  }

  get(place: number): CounterPoint | undefined {
    if (!(place >= 0 && place < this.#length)) return undefined
    const row = place * WIDTH
    return { at: this.#rows[row]!, start: this.#rows[row + 1]!, counts: [this.#rows[row + 2]!], bounds: null }
  }

  insert(place: number, point: CounterPoint): void {
    this.#reserve()
    const row = place * WIDTH
    this.#rows.copyWithin(row + WIDTH, row, this.#length * WIDTH)
    this.#rows[row] = point.at
    this.#rows[row + 1] = point.start
    this.#rows[row + 2] = point.counts[0] ?? 0
    this.#length++
  }

  dropFirst(count: number): void {
    this.#rows.copyWithin(0, count * WIDTH, this.#length * WIDTH)
    this.#length -= count
  }

  #reserve(): void {
    if ((this.#length + 1) * WIDTH <= this.#rows.length) return
    const larger = new Float64Array(Math.ceil(this.#length * GROWTH) * WIDTH)
    larger.set(this.#rows)
    this.#rows = larger
  }
}
