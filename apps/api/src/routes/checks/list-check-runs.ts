import { listCheckRuns as route } from '@nines/contracts'
import { getCheck } from '@nines/records'
import { readCheckRuns } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'

export const listCheckRuns = handle(route, async ({ workspace, params, query }, { prisma, telemetry }) => {
  const check = await getCheck(prisma, workspace.id, params.id)
  const [from, to] = [Date.parse(query.from), Date.parse(query.to)]
  const { limit } = query
  return {
    items: await readCheckRuns(telemetry, { workspace: workspace.number, checkId: check.id, from, to, limit }),
  }
})
