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
  /** One that ended this long ago waits only this long: queries look at samples instead until it is done. */
  old: { afterMs: number; quietMs: number }
  /** And not for ever: a steady trickle of late rows must not put it off. */
  patienceMs: number
  /** Most that one statement computes. */
  maxRangeMs: number
}

/** Marked buckets that are to be computed now, neighbours together, oldest first. */
export function dueRanges(marked: readonly WaitingBucket[], now: number, rules: DueRules): Range[] {
  const { widthMs, graceMs, quietMs, old, patienceMs, maxRangeMs } = rules
  const ranges: Range[] = []
  for (const bucket of [...marked].sort((a, b) => a.start - b.start)) {
    const end = bucket.start + widthMs
    if (now < end + graceMs) continue
    const isOld = now - end >= old.afterMs
    const isQuiet = now - bucket.markedAt >= (isOld ? old.quietMs : quietMs)
    if (!isQuiet && !(isOld && now - bucket.waitsSince >= patienceMs)) continue
    const last = ranges.at(-1)
    if (last && last.to === bucket.start && end - last.from <= maxRangeMs) {
      last.to = end
      last.buckets.push(bucket)
    } else ranges.push({ from: bucket.start, to: end, buckets: [bucket] })
  }
  return ranges
}
