import { NinesError } from '@nines/kernel'
import type { RunFigures } from '../report/figure-table.ts'
import { quantile } from '../report/spread.ts'
import type { BenchService } from './bench-service.ts'

/** When an alert was seen firing, epoch ms, and when it passed the stations before that, where they are known. */
export interface SeenAlert {
  at: number
  stations?: Record<string, number>
}

/** Quantiles from the event that made each alert due until it was there. Throws where one came early or not at all. */
export function alertFigures(services: readonly BenchService[], seen: ReadonlyMap<string, SeenAlert>): RunFigures {
  const delays: number[] = []
  const stages = new Map<string, number[]>()
  for (const { slo, dueAt, answeredAt } of services) {
    const alert = seen.get(slo)
    if (dueAt === undefined || answeredAt === undefined || alert === undefined)
      throw new NinesError('internal', `the alert of ${slo} was due and never came`)
    if (alert.at < dueAt) throw new NinesError('internal', `the alert of ${slo} came ${dueAt - alert.at} ms early`)
    delays.push(alert.at - dueAt)
    let before = dueAt
    for (const [station, at] of Object.entries({ answer: answeredAt, ...alert.stations })) {
      stages.set(station, [...(stages.get(station) ?? []), at - before])
      before = at
    }
  }
  delays.sort((a, b) => a - b)
  return {
    due_to_alert_p50_ms: quantile(delays, 0.5),
    due_to_alert_p95_ms: quantile(delays, 0.95),
    due_to_alert_p99_ms: quantile(delays, 0.99),
    due_to_alert_max_ms: delays.at(-1) ?? NaN,
    outages: delays.length,
    ...Object.fromEntries(
      [...stages].flatMap(([stage, values]) => {
        const sorted = values.sort((a, b) => a - b)
        return [
          [`to_${stage}_p50_ms`, quantile(sorted, 0.5)],
          [`to_${stage}_p99_ms`, quantile(sorted, 0.99)],
        ]
      }),
    ),
  }
}
