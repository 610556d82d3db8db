import { listLabels as route } from '@nines/contracts'
import { listLabels as findLabels } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'

export const listLabels = handle(route, async ({ workspace, query }, { telemetry }) => ({
  items: await findLabels(telemetry, workspace.number, query.metric),
}))
