import { listTelemetryLabelValues as route } from '@nines/contracts'
import { readLabelValues } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { recentSpan } from './instants-of.ts'
import { DAY_MS } from './list-telemetry-labels.ts'

export const listTelemetryLabelValues = handle(route, async ({ workspace, query, signal }, { telemetry }) => {
  const { label, search, limit } = query
  const selector = query.metric === undefined ? null : { metric: query.metric, matchers: [] }
  const asked = { workspace: workspace.number, selector, ...recentSpan(query, DAY_MS), limit: limit + 1, label, search }
  const values = await readLabelValues(telemetry, asked, { signal })
  return { items: values.slice(0, limit), hasMore: values.length > limit }
})
