import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'

const POLL_MS = 50
const ANSWER_WITHIN_MS = 2_000

export interface ReadinessTarget {
  name: string
  /** Answers 200 once the app can do its work. */
  url: string
  logFile: string
}

/**
 * Waits until every app answers 200. `problem` may end the wait early, for example when an app crashes again and again.
 * Throws NinesError naming those that are not ready and where their logs are.
 */
export async function untilReady(
  targets: ReadinessTarget[],
  timeoutMs: number,
  problem: () => string | undefined,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  let waiting = targets
  for (;;) {
    const answers = await Promise.all(waiting.map((target) => isReady(target.url)))
    waiting = waiting.filter((_target, i) => !answers[i])
    if (waiting.length === 0) return
    const trouble =
      problem() ?? (Date.now() > deadline ? `not ready after ${Math.round(timeoutMs / 1000)} s` : undefined)
    if (trouble)
      throw new NinesError(
        'unavailable',
        `${trouble}. Waiting for ${waiting.map((t) => `${t.name} (log: ${t.logFile})`).join(', ')}`,
      )
    await sleep(POLL_MS)
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    await answer.body?.cancel()
    return answer.status === 200
  } catch {
    return false
  }
}
