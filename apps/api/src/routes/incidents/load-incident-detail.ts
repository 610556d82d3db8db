import type { IncidentDetail } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { getIncident } from '@nines/records'
import type { CallerWorkspace } from '../../auth/caller.ts'
import type { ApiContext } from '../../context.ts'
import { withBudgetSpent } from './with-budget-spent.ts'

/** An incident with its alerts, timeline and the budget it spent. */
export async function loadIncidentDetail(
  context: ApiContext,
  workspace: CallerWorkspace,
  id: string,
): Promise<IncidentDetail> {
  const incident = await getIncident(context.prisma, workspace.id, id)
  const [complete] = await withBudgetSpent(context, workspace.number, [incident])
  if (complete === undefined) throw new NinesError('internal', 'an incident was lost on the way')
  return complete
}
