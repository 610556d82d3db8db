import { queryQuantiles as route } from '@nines/contracts'
import { histogramQuantiles } from '@nines/telemetry'
import { handleText } from '../../http/handle.ts'
import { requireValidMatchers } from '../metrics/require-valid-matchers.ts'
import { instantsOf } from './instants-of.ts'
import { resultsText } from './results-text.ts'

export const queryQuantiles = handleText(route, async ({ workspace, body, signal }, { engine }) => {
  const { metric, matchers, quantiles, windowSeconds, by } = body
  const selector = { metric, matchers }
  requireValidMatchers([{ path: 'body', selector }])
  const grid = instantsOf(body)
  const window = Math.round(windowSeconds * 1000)
  const { telemetry, directory } = engine
  const series = await directory.select(workspace.number, selector, grid.from - window, { signal })
  const asked = { telemetry, workspace: workspace.number, series, quantiles, window, grid, by, limits: { signal } }
  const rows = await histogramQuantiles(asked)
  return resultsText(grid, rows)
})
