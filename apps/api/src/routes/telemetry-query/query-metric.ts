import { queryMetric as route } from '@nines/contracts'
import { queryTelemetry } from '@nines/telemetry'
import { handleText } from '../../http/handle.ts'
import { requireValidMatchers } from '../metrics/require-valid-matchers.ts'
import { instantsOf } from './instants-of.ts'
import { resultsText } from './results-text.ts'

export const queryMetric = handleText(route, async ({ workspace, body, signal }, { engine }) => {
  const { metric, matchers, function: name, windowSeconds, aggregate, quantile, by } = body
  const selector = { metric, matchers }
  requireValidMatchers([{ path: 'body', selector }])
  const grid = instantsOf(body)
  const window = Math.max(1, Math.round(windowSeconds * 1000))
  const asked = { selector, function: name, window, grid, aggregate, quantile, by }
  const { rows, source } = await queryTelemetry(engine, workspace.number, asked, { signal })
  return resultsText(grid, rows, { source })
})
