import type { RunFigures } from '../report/figure-table.ts'
import { quantile } from '../report/spread.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { cpuBetween, totalOf, UsageMeter } from '../usage/usage-meter.ts'
import { createBackfilled } from './create-backfilled.ts'
import type { SloApi } from './slo-api.ts'

const DAY_MS = 86_400_000
const REPEATS = 10

/**
 * What the pages of an SLO whose window is full ask for: each question once by itself, and then ten times more. Suggestions
 * read the telemetry of the SLO's service over their 30 days.
 */
export async function measureQuestions(
  target: NinesTarget,
  api: SloApi,
  slo: string,
  terms: { days: number; serviceId: string },
): Promise<RunFigures> {
  const { id } = await createBackfilled(api, slo, terms)
  await target.drain()
  const at = `/api/v1/slos/${id}`
  const to = Date.now()
  const [from, until] = [to - Math.min(terms.days, 30) * DAY_MS, to].map((instant) => new Date(instant).toISOString())
  const questions = {
    ledger: `${at}/ledger`,
    history: `${at}/history?from=${from}&to=${until}`,
    forecast: `${at}/forecast`,
    explain: `${at}/explain`,
    suggestions: `/api/v1/services/${terms.serviceId}/slo-suggestions`,
  }
  const meter = new UsageMeter(target.processes, 100)
  const figures: RunFigures = {}
  for (const [name, path] of Object.entries(questions)) {
    const before = meter.cpu()
    figures[`${name}_first_ms`] = await timed(api, path)
    figures[`${name}_first_cpu_ms`] = totalOf(cpuBetween(before, meter.cpu())) * 1000
    const others: number[] = []
    while (others.length < REPEATS) others.push(await timed(api, path))
    figures[`${name}_next_p50_ms`] = quantile(
      others.sort((a, b) => a - b),
      0.5,
    )
  }
  const { items } = await api.ask<{ items: unknown[] }>('GET', questions.suggestions)
  figures.suggested = items.length
  meter.stop()
  return figures
}

async function timed(api: SloApi, path: string): Promise<number> {
  const startedAt = performance.now()
  await api.text('GET', path)
  return performance.now() - startedAt
}
