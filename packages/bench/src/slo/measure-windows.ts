import type { SloTracker } from '@nines/app-evaluate'
import { generateClient } from '@nines/schema'
import { MINUTE_MS } from '@nines/slo'
import type { RunFigures } from '../report/figure-table.ts'
import { evaluatedCounter, STEP_MS } from './evaluation-load.ts'
import { fullTracker } from './full-tracker.ts'

/** Several, so that one's memory can be told from the rest. */
const SLOS = 20
const CYCLES = 2_000

/**
 * What one report of two series and the evaluation after it cost an SLO whose window of so many days is full, and what it
 * holds in memory. In this process, without stores: the arithmetic alone.
 */
export async function measureWindow(days: number): Promise<RunFigures> {
  // Loaded late: it imports the generated client.
  await generateClient()
  const { SloTracker: Tracker } = await import('@nines/app-evaluate')
  globalThis.gc?.()
  const before = process.memoryUsage()
  const startedAt = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const trackers = Array.from({ length: SLOS }, (_, i) => fullTracker(Tracker, { days, now: startedAt, seed: i }))
  for (const tracker of trackers) tracker.evaluate(startedAt, { since: 0, until: startedAt })
  globalThis.gc?.()
  const after = process.memoryUsage()
  const bytes = after.arrayBuffers - before.arrayBuffers + (after.heapUsed - before.heapUsed)
  const cycles = CYCLES / SLOS
  run(trackers, startedAt, cycles)
  const [since, cpu] = [performance.now(), process.cpuUsage()]
  run(trackers, startedAt + cycles * STEP_MS, cycles)
  const { user, system } = process.cpuUsage(cpu)
  return {
    us_per_evaluation: ((performance.now() - since) * 1000) / CYCLES,
    cpu_us_per_evaluation: (user + system) / CYCLES,
    kb_per_slo: bytes / SLOS / 1000,
  }
}

function run(trackers: readonly SloTracker[], startedAt: number, cycles: number): void {
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const at = startedAt + cycle * STEP_MS
    for (const tracker of trackers) {
      for (const status of ['200', '500']) {
        const reduction = tracker.reduce(seriesOf(status))
        const counts = [status === '200' ? at / 1000 : Math.floor(at / 600_000)]
        if (reduction) tracker.take(status, reduction, { at, start: 0, counts, bounds: null })
      }
      tracker.evaluate(at, { since: 0, until: at })
      tracker.takeSlices(at - MINUTE_MS, at)
    }
  }
}

const seriesOf = (status: string) => ({ id: status, ...evaluatedCounter({ status }) })
