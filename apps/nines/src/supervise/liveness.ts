import { setTimeout as sleep } from 'node:timers/promises'

/** How patient a look at a process is. */
export interface LivenessPatience {
  everyMs: number
  /** An answer within this time is a sign of life. */
  answerWithinMs: number
  /** Looks in a row without an answer after which the process is taken for hung. */
  failures: number
}

/** Generous: a process that is merely busy, on a machine that is merely busy, answers within half a minute. */
const PATIENCE: LivenessPatience = { everyMs: 10_000, answerWithinMs: 10_000, failures: 3 }

/**
 * Watches the health pages of one process and resolves with the reason, in words, once one of them has gone silent. A
 * page counts from its first answer on, whatever it says, so that a slow start is never taken for a hang. Resolves
 * with undefined when the signal fires first.
 */
export async function untilHung(
  urls: readonly string[],
  signal: AbortSignal,
  patience: LivenessPatience = PATIENCE,
): Promise<string | undefined> {
  const watching = new AbortController()
  const either = AbortSignal.any([signal, watching.signal])
  const silent = await Promise.race(urls.map((url) => untilSilent(url, either, patience)))
  watching.abort()
  return silent && `${silent} was silent ${patience.failures} times in a row`
}

/** The URL once it is silent, undefined when told to stop. */
async function untilSilent(url: string, signal: AbortSignal, patience: LivenessPatience): Promise<string | undefined> {
  let hasAnswered = false
  for (let failures = 0; failures < patience.failures;) {
    await sleep(patience.everyMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return undefined
    const answers = await answersWithin(url, patience.answerWithinMs)
    hasAnswered ||= answers
    failures = answers || !hasAnswered ? 0 : failures + 1
  }
  return url
}

async function answersWithin(url: string, timeoutMs: number): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    await answer.body?.cancel()
    return true
  } catch {
    return false
  }
}
