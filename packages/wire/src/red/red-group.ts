import { bucketOf } from './duration-buckets.ts'
import type { SpanColumns } from './span-columns.ts'

/** Exemplars of each series and minute of a batch. */
const EXEMPLARS = 2

interface SlowSpan {
  duration: number
  columns: SpanColumns
  row: number
}

/** Spans of a batch that count for the same series and end in the same minute. */
export class RedGroup {
  readonly kind: number
  readonly status: number
  /** Epoch ms at which the minute begins. */
  readonly minute: number
  count = 0
  /** Durations in nanoseconds; whole numbers add up to the same sum in any order. */
  sum = 0
  min = Infinity
  max = 0
  /** Spans without a duration. */
  zeros = 0
  /** The bucket of each other span. */
  readonly buckets: number[] = []
  /** The slowest spans, slowest first. */
  readonly slowest: SlowSpan[] = []

  constructor(kind: number, status: number, minute: number) {
    this.kind = kind
    this.status = status
    this.minute = minute
  }

  add(columns: SpanColumns, row: number): void {
    const duration = columns.duration(row)
    this.count++
    this.sum += duration
    if (duration < this.min) this.min = duration
    if (duration > this.max) this.max = duration
    if (duration === 0) this.zeros++
    else this.buckets.push(bucketOf(duration))
    const { slowest } = this
    if (slowest.length < EXEMPLARS || duration > slowest[EXEMPLARS - 1]!.duration)
      this.#keep({ duration, columns, row })
  }

  #keep(span: SlowSpan): void {
    this.slowest.push(span)
    this.slowest.sort((a, b) => b.duration - a.duration)
    if (this.slowest.length > EXEMPLARS) this.slowest.pop()
  }
}
