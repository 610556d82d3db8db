import { listIncidents as route } from '@nines/contracts'
import { listIncidents as findIncidents } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { withBudgetSpent } from './with-budget-spent.ts'

export const listIncidents = handle(route, async ({ workspace, query }, context) => {
  const incidents = await findIncidents(context.prisma, workspace.id, query.state)
  const spent = await withBudgetSpent(context, workspace.number, incidents)
  return { items: spent.map(({ budgets: _budgets, ...incident }) => incident), nextCursor: null }
})
