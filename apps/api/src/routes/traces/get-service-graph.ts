import { getServiceGraph as route } from '@nines/contracts'
import { readServiceGraph } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { recentSpan } from '../telemetry-query/instants-of.ts'

const HOUR_MS = 3_600_000

export const getServiceGraph = handle(route, async ({ workspace, query, signal }, { telemetry }) => ({
  edges: await readServiceGraph(telemetry, workspace.number, recentSpan(query, HOUR_MS), { signal }),
}))
