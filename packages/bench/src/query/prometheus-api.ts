import { NinesError } from '@nines/kernel'
import { Pool } from 'undici'
import { instantsOf, promqlOf, type QueryAnswer, type QueryCase } from './query-case.ts'
import type { QueryClient } from './query-client.ts'

interface PrometheusAnswer {
  status: string
  error?: string
  data?: { result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[] }
}

/** Asks over Prometheus' HTTP API, which VictoriaMetrics has too; `nocache=1` is its switch for honest repetition. */
export function prometheusClient(url: string): QueryClient {
  const pool = new Pool(url, { connections: 1, headersTimeout: 180_000, bodyTimeout: 180_000 })
  return {
    async ask(query) {
      const { body } = await pool.request({ method: 'GET', path: pathOf(query) })
      const answer = (await body.json()) as PrometheusAnswer
      if (answer.status !== 'success')
        throw new NinesError('internal', `${url} refused ${query.name}: ${answer.error ?? 'no reason given'}`)
      return valuesOf(answer, query)
    },
    close: () => pool.close(),
  }
}

function pathOf(query: QueryCase): string {
  const seconds = (ms: number) => String(ms / 1000)
  const parameters: Record<string, string> = { query: promqlOf(query), nocache: '1' }
  if (query.fromMs === query.toMs) {
    return `/api/v1/query?${new URLSearchParams({ ...parameters, time: seconds(query.toMs) }).toString()}`
  }
  const range = { start: seconds(query.fromMs), end: seconds(query.toMs), step: seconds(query.stepMs) }
  return `/api/v1/query_range?${new URLSearchParams({ ...parameters, ...range }).toString()}`
}

function valuesOf(answer: PrometheusAnswer, query: QueryCase): QueryAnswer {
  const rows: QueryAnswer = new Map()
  for (const { metric, value, values } of answer.data?.result ?? []) {
    const row = new Float64Array(instantsOf(query)).fill(NaN)
    for (const [second, text] of values ?? (value ? [value] : [])) {
      row[Math.round((second * 1000 - query.fromMs) / query.stepMs)] = Number(text)
    }
    rows.set(metric[query.by] ?? '', row)
  }
  return rows
}
