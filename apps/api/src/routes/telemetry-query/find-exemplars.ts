import { findExemplars as route } from '@nines/contracts'
import { readExemplars } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { requireValidMatchers } from '../metrics/require-valid-matchers.ts'
import { spanOf } from './instants-of.ts'

export const findExemplars = handle(route, async ({ workspace, body, signal }, { engine }) => {
  const selector = { metric: body.metric, matchers: body.matchers }
  requireValidMatchers([{ path: 'body', selector }])
  const { from, to } = spanOf(body)
  const series = await engine.directory.select(workspace.number, selector, from, { signal })
  const labels = new Map(series.map((one) => [one.id, one.labels]))
  const asked = { workspace: workspace.number, series: [...labels.keys()], from, to, limit: body.limit }
  const exemplars = await readExemplars(engine.telemetry, asked, { signal })
  return {
    items: exemplars.map(({ series: id, at, ...exemplar }) => ({
      ...exemplar,
      at: new Date(at).toISOString(),
      seriesLabels: labels.get(id) ?? {},
    })),
  }
})
