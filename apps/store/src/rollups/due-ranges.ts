import type { MarkedBucket } from '@nines/pipeline'
import type { WaitingBucket } from './waiting-buckets.ts'

export interface Range {
  /** Epoch ms, the end not included. */
  from: number
  to: number
  buckets: MarkedBucket[]
}

export interface DueRules {
  widthMs: number
  /** A bucket waits this long after its end for what is still on its way. */
  graceMs: number
  /** A bucket that has just changed waits this long for more, so that a backfill is not summed up again and again. */
  quietMs: number
  /** A bucket that has waited this long waits for no quiet: a steady trickle must not put it off for ever. */
  patienceMs: number
  /** Most that one statement computes. */
  maxRangeMs: number
}

/** Marked buckets that are to be computed now, neighbours together, oldest first. */
export function dueRanges(marked: readonly WaitingBucket[], now: number, rules: DueRules): Range[] {
  const { widthMs, graceMs, quietMs, patienceMs, maxRangeMs } = rules
  const ranges: Range[] = []
  for (const bucket of [...marked].sort((a, b) => a.start - b.start)) {
    const end = bucket.start + widthMs
    if (now < end + graceMs) continue
    if (now - bucket.markedAt < quietMs && now - Math.max(end, bucket.waitsSince) < patienceMs) continue
    const last = ranges.at(-1)
    if (last && last.to === bucket.start && end - last.from <= maxRangeMs) {
      last.to = end
      last.buckets.push(bucket)
    } else ranges.push({ from: bucket.start, to: end, buckets: [bucket] })
  }
  return ranges
}
