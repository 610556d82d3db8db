import { listTelemetryLabels as route } from '@nines/contracts'
import { readLabelNames } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { recentSpan } from './instants-of.ts'

const MOST = 1_000
export const DAY_MS = 86_400_000

export const listTelemetryLabels = handle(route, async ({ workspace, query, signal }, { telemetry }) => {
  const selector = query.metric === undefined ? null : { metric: query.metric, matchers: [] }
  const asked = { workspace: workspace.number, selector, ...recentSpan(query, DAY_MS), limit: MOST + 1 }
  const names = await readLabelNames(telemetry, asked, { signal })
  return { items: names.slice(0, MOST), hasMore: names.length > MOST }
})
