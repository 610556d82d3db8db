import type { SentRequest } from './retrying-sender.ts'

/** Rows of a stream by what became of them. */
export interface Verdict {
  acked: number
  /** Answered 2xx and not stored. */
  lost: number
  /** Stored more often than they were sent: a fault behind ingest. */
  doubled: number
  /**
   * Stored once more for an attempt whose answer never came: the sender had to send again, and nothing noticed that
   * the first attempt had been taken.
   */
  repeated: number
  /** Stored although nobody sent them. */
  unknown: number
}

/** Compares what was sent with the copies in the store. */
export function judgeRows(requests: readonly SentRequest[], copies: ReadonlyMap<number, number>): Verdict {
  const verdict: Verdict = { acked: 0, lost: 0, doubled: 0, repeated: 0, unknown: 0 }
  let known = 0
  for (const { from, count, isAcked, unsureAttempts } of requests) {
    for (let n = from; n < from + count; n++) {
      const stored = copies.get(n) ?? 0
      if (stored > 0) known++
      if (isAcked) verdict.acked++
      if (isAcked && stored === 0) verdict.lost++
      const sent = unsureAttempts + (isAcked ? 1 : 0)
      if (stored > sent) verdict.doubled++
      else if (stored > 1) verdict.repeated++
    }
  }
  verdict.unknown = copies.size - known
  return verdict
}

export function addVerdicts(verdicts: readonly Verdict[]): Verdict {
  const sum = (of: (v: Verdict) => number) => verdicts.reduce((n, v) => n + of(v), 0)
  return {
    acked: sum((v) => v.acked),
    lost: sum((v) => v.lost),
    doubled: sum((v) => v.doubled),
    repeated: sum((v) => v.repeated),
    unknown: sum((v) => v.unknown),
  }
}
