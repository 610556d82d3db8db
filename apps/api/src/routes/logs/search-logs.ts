import { searchLogs as route } from '@nines/contracts'
import { searchLogs as search } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { spanOf } from '../telemetry-query/instants-of.ts'

export const searchLogs = handle(route, async ({ workspace, body, signal }, { telemetry }) => {
  const { limit, cursor, ...filter } = body
  const asked = { ...filter, ...spanOf(body), workspace: workspace.number }
  const { records, nextCursor } = await search(telemetry, asked, { limit, cursor }, { signal })
  return { items: records, nextCursor }
})
