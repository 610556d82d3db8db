import type { RunFigures } from '../report/figure-table.ts'
import { quantile } from '../report/spread.ts'
import type { Target } from '../targets/target.ts'
import { totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { movedBack, type QueryAnswer, type QueryCase } from './query-case.ts'
import type { QueryClient } from './query-client.ts'

/** Of every system alike: a service that people ask has run for a while, with its code compiled and its caches filled. */
const WARM_UP = 20

/**
 * Asks one question again and again, one at a time, for at most `maxMs`; each time it has moved on, as that of a dashboard
 * does, so that no answer can be had twice. CPU is of all the target's processes. `firstMs` is the very first asking.
 */
export async function measureQuery(
  target: Target,
  client: QueryClient,
  query: QueryCase,
  { times, maxMs }: { times: number; maxMs: number },
): Promise<{ figures: RunFigures; answer: QueryAnswer; firstMs: number }> {
  const begunAt = performance.now()
  await client.ask(movedBack(query, times + WARM_UP))
  const firstMs = performance.now() - begunAt
  for (let i = 1; i < WARM_UP; i++) await client.ask(movedBack(query, times + WARM_UP - i))
  const meter = new UsageMeter(target.processes, 60_000)
  const before = totalOf(meter.cpu())
  const startedAt = performance.now()
  const latencies: number[] = []
  while (latencies.length < times && (latencies.length === 0 || performance.now() - startedAt < maxMs)) {
    const askedAt = performance.now()
    await client.ask(movedBack(query, times - 1 - latencies.length))
    latencies.push(performance.now() - askedAt)
  }
  const cpuMs = ((totalOf(meter.cpu()) - before) * 1000) / latencies.length
  meter.stop()
  const answer = await client.ask(query)
  const sorted = latencies.toSorted((a, b) => a - b)
  return {
    figures: { p50_ms: quantile(sorted, 0.5), p99_ms: quantile(sorted, 0.99), cpu_ms: cpuMs, queries: sorted.length },
    answer,
    firstMs,
  }
}
