import type { BudgetMachine, StandingTerms } from '@nines/slo'
import type { BudgetPolicyFields } from './budget-policies.ts'
import { budgetMachineOf, standingTermsOf } from './budget-rows.ts'
import type { Database } from './client.ts'
import { instantOf } from './instants.ts'

/** The policy that an SLO follows, and its steps as they are on record. */
export interface SloPolicy {
  policy: BudgetPolicyFields & { id: string }
  objective: number | null
  machine: BudgetMachine
  terms: StandingTerms
  attachedAt: string
  attachedBy: string
}

/** null where the SLO follows none. */
export async function findSloPolicy(db: Database, workspaceId: string, sloId: string): Promise<SloPolicy | null> {
  const row = await db.budgetAttachment.findFirst({ where: { sloId, workspaceId }, include: { policy: true } })
  if (row === null) return null
  const terms = standingTermsOf(row.policy, row.objective)
  const { id, name, description } = row.policy
  const { steps, margin, onUnknown } = terms
  return {
    policy: { id, name, description, steps: [...steps], margin, onUnknown },
    objective: row.objective,
    machine: budgetMachineOf(row),
    terms,
    attachedAt: instantOf(row.attachedAt),
    attachedBy: row.attachedByName,
  }
}
