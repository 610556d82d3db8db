import { setTimeout as sleep } from 'node:timers/promises'
import type { Load } from './load/load-batch.ts'
import { LoadSender } from './load/load-sender.ts'
import { sendPaced } from './load/send-paced.ts'
import { quantile } from './report/spread.ts'
import type { NinesTarget } from './targets/nines.ts'

const FIRST_STEPS = 2
const POLL_EVERY_MS = 50
const VISIBLE_DEADLINE_MS = 60_000

export interface FreshnessOptions {
  /** Samples a second to send. */
  rate: number
  seconds: number
  connections: number
  samplesPerRequest: number
}

export interface FreshnessFigures {
  requests: number
  sentPerSecond: number
  p50Ms: number
  p99Ms: number
  maxMs: number
}

/** A request that was answered 2xx and whose samples a query has not seen yet. */
interface Waiting {
  marker: string
  atMs: number
  ackedAt: number
}

/**
 * From the answer to a request until a query of the store sees its newest sample, under a steady load. One series of
 * each request is watched; the store is asked every 50 ms, so a figure is up to that and a query too long.
 */
export async function measureFreshness(
  target: NinesTarget,
  load: Load,
  options: FreshnessOptions,
): Promise<FreshnessFigures> {
  const sender = new LoadSender(target.url, target.headers, load, options.connections)
  try {
    const rows = load.batches.reduce((sum, b) => sum + b.rows, 0)
    const steps = Math.ceil((options.rate * options.seconds) / rows)
    const firstAtMs = Date.now() - (FIRST_STEPS + steps) * load.stepMs
    for (let step = 0; step < FIRST_STEPS; step++) await sender.step(firstAtMs + step * load.stepMs)
    await target.drain()
    const markers = await target.rows.markerSeries(load.batches.map((_, i) => i * options.samplesPerRequest))

    const waiting: Waiting[] = []
    const delaysMs: number[] = []
    const allSent = new AbortController()
    const startedAt = performance.now()
    const sending = sendPaced(sender, load.batches, {
      rate: options.rate,
      times: Array.from({ length: steps }, (_, i) => firstAtMs + (FIRST_STEPS + i) * load.stepMs),
      acked: (batch, atMs) => waiting.push({ marker: markers[batch] ?? '', atMs, ackedAt: performance.now() }),
    })
    const sentPerSecond = sending.then((sent) => sent / ((performance.now() - startedAt) / 1000))
    await Promise.all([sending.finally(() => allSent.abort()), watch(target, waiting, delaysMs, allSent.signal)])
    const sorted = delaysMs.sort((a, b) => a - b)
    return {
      requests: sorted.length,
      sentPerSecond: await sentPerSecond,
      p50Ms: quantile(sorted, 0.5),
      p99Ms: quantile(sorted, 0.99),
      maxMs: sorted.at(-1) ?? NaN,
    }
  } finally {
    await sender.close()
  }
}

/** Asks the store again and again until nothing is sent any more and everything was seen. */
async function watch(target: NinesTarget, waiting: Waiting[], delaysMs: number[], sent: AbortSignal): Promise<void> {
  let deadline = Infinity
  while (!sent.aborted || waiting.length > 0) {
    if (sent.aborted && deadline === Infinity) deadline = performance.now() + VISIBLE_DEADLINE_MS
    if (performance.now() > deadline) throw new Error(`${waiting.length} requests did not become visible`)
    // What is acked while the question is on its way may be seen by it, and then counts as seen at once.
    const newest = await target.rows.newestSamples([...new Set(waiting.map((w) => w.marker))])
    const seenAt = performance.now()
    for (let i = waiting.length - 1; i >= 0; i--) {
      const one = waiting[i]
      if (one === undefined || (newest.get(one.marker) ?? 0) < one.atMs) continue
      delaysMs.push(Math.max(0, seenAt - one.ackedAt))
      waiting.splice(i, 1)
    }
    await sleep(POLL_EVERY_MS)
  }
}
