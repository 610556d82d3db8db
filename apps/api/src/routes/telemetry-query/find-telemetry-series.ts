import { findTelemetrySeries as route } from '@nines/contracts'
import { handle } from '../../http/handle.ts'
import { requireValidMatchers } from '../metrics/require-valid-matchers.ts'
import { spanOf } from './instants-of.ts'

export const findTelemetrySeries = handle(route, async ({ workspace, body, signal }, { engine }) => {
  const selector = { metric: body.metric, matchers: body.matchers }
  requireValidMatchers([{ path: 'body', selector }])
  const { from, to } = spanOf(body)
  const series = (await engine.directory.select(workspace.number, selector, from, { signal })).filter(
    ({ firstSeen }) => firstSeen <= to,
  )
  return {
    items: series.slice(0, body.limit).map(({ id, labels, kind, temporality, unit, firstSeen, lastSeen }) => ({
      id,
      labels,
      kind,
      temporality,
      unit,
      firstSeen: new Date(firstSeen).toISOString(),
      lastSeen: new Date(lastSeen).toISOString(),
    })),
    total: series.length,
  }
})
