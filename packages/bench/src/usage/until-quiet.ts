import { setTimeout as sleep } from 'node:timers/promises'
import { totalOf, type UsageMeter } from './usage-meter.ts'

const WINDOW_MS = 5_000
/** Share of a core below which only idle work goes on. */
const QUIET_SHARE = 0.05

/**
 * Lets merges, compactions and flushes that the load still causes come to their end: at least `minMs`, then until
 * five seconds cost less than a twentieth of a core, at most `maxMs`. Answers what such a second of idling costs.
 */
export async function untilQuiet(meter: UsageMeter, minMs: number, maxMs: number): Promise<{ idleCpuShare: number }> {
  const startedAt = performance.now()
  await sleep(Math.max(0, minMs - WINDOW_MS))
  for (;;) {
    const before = totalOf(meter.cpu())
    await sleep(WINDOW_MS)
    const share = (totalOf(meter.cpu()) - before) / (WINDOW_MS / 1000)
    if (share < QUIET_SHARE || performance.now() - startedAt > maxMs) return { idleCpuShare: share }
  }
}
