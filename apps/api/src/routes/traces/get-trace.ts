import { getTrace as route } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { readTrace } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'

export const getTrace = handle(route, async ({ workspace, params, signal }, { telemetry }) => {
  const isId = /^[0-9a-fA-F]{32}$/.test(params.id)
  const spans = isId ? await readTrace(telemetry, workspace.number, params.id, { signal }) : []
  if (spans.length === 0) throw new NinesError('not_found', 'there is no such trace')
  return { traceId: params.id.toLowerCase(), spans }
})
