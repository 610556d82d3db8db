import type { SloBudgetPolicy } from '@nines/contracts'
import { findSloPolicy } from '@nines/records'
import { budgetStanding } from '@nines/slo'
import type { ApiContext } from '../../context.ts'
import { currentReadings } from './current-readings.ts'

/** The policy of an SLO of the workspace and how it stands. */
export async function sloPolicyDto(
  context: ApiContext,
  workspaceId: string,
  slo: { id: string; version: number },
): Promise<SloBudgetPolicy> {
  const found = await findSloPolicy(context.prisma, workspaceId, slo.id)
  if (found === null) return { policy: null, objective: null, standing: null, attachedAt: null, attachedBy: null }
  const { policy, objective, machine, terms, attachedAt, attachedBy } = found
  const readNow = await currentReadings(context, workspaceId, [slo.id], Date.now())
  return { policy, objective, standing: budgetStanding(machine, terms, readNow(slo)), attachedAt, attachedBy }
}
