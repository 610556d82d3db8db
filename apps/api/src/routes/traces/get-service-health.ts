import { getServiceHealth as route } from '@nines/contracts'
import { readServiceHealth } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'

export const getServiceHealth = handle(route, async ({ workspace, query, signal }, { engine }) => ({
  items: await readServiceHealth(engine, workspace.number, query.at === undefined ? Date.now() : Date.parse(query.at), {
    signal,
  }),
}))
