import { previewBudgetPolicy as route } from '@nines/contracts'
import { findSlos, requireBudgetReferences } from '@nines/records'
import { budgetStanding, NO_BUDGET_STEPS } from '@nines/slo'
import { handle } from '../../http/handle.ts'
import { currentReadings } from './current-readings.ts'

/** What is in force under another policy now does not count: a threshold holds only what is at it or below. */
export const previewBudgetPolicy = handle(route, async ({ workspace, body }, context) => {
  const { slos, ...terms } = body
  await requireBudgetReferences(context.prisma, workspace.id, body)
  const ids = slos.map(({ id }) => id)
  const known = new Map((await findSlos(context.prisma, workspace.id, ids)).map((slo) => [slo.id, slo]))
  const readNow = await currentReadings(context, workspace.id, ids, Date.now())
  const items = slos.flatMap(({ id, objective }) => {
    const slo = known.get(id)
    if (!slo) return []
    const standing = budgetStanding(NO_BUDGET_STEPS, { ...terms, objective }, readNow(slo))
    return { id, name: slo.name, serviceName: slo.service.name, objective, standing }
  })
  return { items, nextCursor: null }
})
