import { listMetrics as route } from '@nines/contracts'
import { listMetrics as findMetrics } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'

export const listMetrics = handle(route, async ({ workspace, query }, { telemetry }) => ({
  items: await findMetrics(telemetry, workspace.number, query.search),
}))
