import type { Label } from './exposition.ts'

/** A metric's name and labels as a text gives them. Not to be changed: one object stands for all that read alike. */
export interface ReadSeries {
  readonly name: string
  readonly labels: readonly Label[]
}

/**
 * Remembers what the series of one target read as, for from one scrape to the next almost all are the same. Keeps those
 * of the last text and of the present one.
 */
export class SeriesMemo {
  #last = new Map<string, ReadSeries>()
  #present = new Map<string, ReadSeries>()

  /** Begins with another text. */
  turn(): void {
    this.#last = this.#present
    this.#present = new Map()
  }

  /** The series of the same characters, as one object, or undefined. */
  recall(raw: string): ReadSeries | undefined {
    const present = this.#present.get(raw)
    if (present) return present
    const last = this.#last.get(raw)
    if (last) this.#present.set(raw, last)
    return last
  }

  remember(raw: string, { name, labels }: ReadSeries): ReadSeries {
    const series = {
      name: detached(name),
      labels: labels.map(([key, value]) => [detached(key), detached(value)] as const),
    }
    this.#present.set(detached(raw), series)
    return series
  }
}

/** A copy that stands alone. V8's slices keep the text they were cut from, and texts are large. */
function detached(slice: string): string {
  return Buffer.from(slice).toString()
}
