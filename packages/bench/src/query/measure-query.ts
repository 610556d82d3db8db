import type { RunFigures } from '../report/figure-table.ts'
import { quantile } from '../report/spread.ts'
import type { Target } from '../targets/target.ts'
import { totalOf, UsageMeter } from '../usage/usage-meter.ts'
import type { QueryAnswer, QueryCase } from './query-case.ts'
import type { QueryClient } from './query-client.ts'

const WARM_UP = 2

/** Asks one question again and again, one at a time, for at most `maxMs`. CPU is of all the target's processes. */
export async function measureQuery(
  target: Target,
  client: QueryClient,
  query: QueryCase,
  { times, maxMs }: { times: number; maxMs: number },
): Promise<{ figures: RunFigures; answer: QueryAnswer }> {
  let answer: QueryAnswer = new Map()
  for (let i = 0; i < WARM_UP; i++) answer = await client.ask(query)
  const meter = new UsageMeter(target.processes, 60_000)
  const before = totalOf(meter.cpu())
  const startedAt = performance.now()
  const latencies: number[] = []
  while (latencies.length < times && (latencies.length === 0 || performance.now() - startedAt < maxMs)) {
    const askedAt = performance.now()
    await client.ask(query)
    latencies.push(performance.now() - askedAt)
  }
  const cpuMs = ((totalOf(meter.cpu()) - before) * 1000) / latencies.length
  meter.stop()
  const sorted = latencies.toSorted((a, b) => a - b)
  return {
    figures: { p50_ms: quantile(sorted, 0.5), p99_ms: quantile(sorted, 0.99), cpu_ms: cpuMs, queries: sorted.length },
    answer,
  }
}
