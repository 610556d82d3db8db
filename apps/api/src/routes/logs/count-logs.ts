import { countLogs as route } from '@nines/contracts'
import { logHistogram } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { spanOf } from '../telemetry-query/instants-of.ts'

export const countLogs = handle(route, async ({ workspace, body, signal }, { telemetry }) => {
  const { stepSeconds, ...filter } = body
  const asked = { ...filter, ...spanOf(body), workspace: workspace.number }
  return { items: await logHistogram(telemetry, asked, stepSeconds * 1000, { signal }) }
})
