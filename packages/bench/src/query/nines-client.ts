import { NinesError } from '@nines/kernel'
import { Pool } from 'undici'
import type { NinesTarget } from '../targets/nines.ts'
import { instantsOf, type CounterQuery, type QueryAnswer, type QueryCase } from './query-case.ts'
import type { QueryClient } from './query-client.ts'
import { sloNames } from './query-data.ts'

interface MetricAnswer {
  series: { labels: Record<string, string>; values: (number | null)[] }[]
}
interface RatioAnswer {
  items: { ratio: number | null }[]
}

const iso = (ms: number) => new Date(ms).toISOString()

/** Asks our API. The one file that knows how our queries are asked. */
export function ninesClient({ api }: NinesTarget): QueryClient {
  if (api === undefined) throw new NinesError('internal', 'Nines was started without its API')
  const pool = new Pool(api.url, { connections: 1, headersTimeout: 180_000, bodyTimeout: 180_000 })
  const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' }
  const post = async (path: string, request: object): Promise<unknown> => {
    const answer = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(request) })
    if (answer.statusCode === 200) return answer.body.json()
    throw new NinesError('internal', `${path} answered ${answer.statusCode}: ${await answer.body.text()}`)
  }
  return {
    ask: async (query) =>
      query.dividedBy === undefined
        ? metricValues((await post('/api/v1/telemetry/query', metricRequest(query))) as MetricAnswer, query)
        : ratioValues((await post('/api/v1/telemetry/ratios', ratioRequest(query, query.dividedBy))) as RatioAnswer),
    close: () => pool.close(),
  }
}

function metricRequest({ query, fromMs, toMs, stepMs }: QueryCase): object {
  const when = fromMs === toMs ? { at: iso(toMs) } : { from: iso(fromMs), to: iso(toMs), stepSeconds: stepMs / 1000 }
  const { metric, function: name, windowMs, by } = query
  return { metric, function: name, windowSeconds: windowMs / 1000, aggregate: 'sum', by: [by], ...when }
}

function metricValues(answer: MetricAnswer, query: QueryCase): QueryAnswer {
  const count = instantsOf(query)
  return new Map(
    answer.series.map(({ labels, values }) => [
      labels[query.by] ?? '',
      Float64Array.from({ length: count }, (_, i) => values[i] ?? NaN),
    ]),
  )
}

function ratioRequest({ query, toMs }: QueryCase, dividedBy: CounterQuery): object {
  const ratios = sloNames.map((value) => {
    const matchers = [{ label: query.by, op: '=', value }]
    return { numerator: { metric: query.metric, matchers }, denominator: { metric: dividedBy.metric, matchers } }
  })
  return { ratios, from: iso(toMs - query.windowMs), to: iso(toMs) }
}

function ratioValues(answer: RatioAnswer): QueryAnswer {
  return new Map(answer.items.map(({ ratio }, i) => [sloNames[i] ?? '', Float64Array.of(ratio ?? NaN)]))
}
