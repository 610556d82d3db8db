import { setTimeout as sleep } from 'node:timers/promises'

/** Waits, but not longer than until the signal; never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

/** Waiting time before the given repeat (0 for the first): 100 ms doubling to 5 s, plus up to a fifth of it. */
export function backoffMs(repeat: number): number {
  return Math.min(100 * 2 ** Math.min(repeat, 10), 5000) * (1 + Math.random() / 5)
}
