import { searchTraces as route } from '@nines/contracts'
import { searchTraces as search } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { spanOf } from '../telemetry-query/instants-of.ts'

export const searchTraces = handle(route, async ({ workspace, body, signal }, { telemetry }) => {
  const { sort, limit, ...filter } = body
  const asked = { ...filter, ...spanOf(body), workspace: workspace.number }
  return { items: await search(telemetry, asked, { sort, limit }, { signal }) }
})
