import type { AdvanceBudgetPayload } from '@nines/contracts'
import { advanceBudget, type BudgetCrossing } from '@nines/slo'
import { budgetColumnsOf, budgetMachineOf, lockAttachment, standingTermsOf } from './budget-rows.ts'
import { recordCrossings } from './budget-crossings.ts'
import { noOutcome, type MessageSettings, type Outcome } from './follow-ups.ts'
import type { PrismaClient } from './generated/client.ts'
import { databaseNow, lockedTransaction } from './locked-transaction.ts'

/**
 * Moves the budget steps of an SLO by what is left: its steps, the events, their messages and timeline entries in one
 * transaction. A repeat, and a reading older than the last one applied, change nothing; neither does one of an SLO that is
 * archived or follows no policy.
 */
export async function applyBudgetReading(
  prisma: PrismaClient,
  payload: AdvanceBudgetPayload,
  settings: MessageSettings,
): Promise<Outcome & { crossings: BudgetCrossing[] }> {
  const { workspaceId, sloId, ...reading } = payload
  return lockedTransaction(prisma, async (tx) => {
    const attachment = await lockAttachment(tx, workspaceId, sloId)
    if (attachment === null || attachment.slo.archivedAt !== null) return { ...noOutcome(), crossings: [] }
    const terms = standingTermsOf(attachment.policy, attachment.objective)
    const before = budgetMachineOf(attachment)
    const { machine, crossings } = advanceBudget(before, terms, reading)
    if (machine === before) return { ...noOutcome(), crossings }
    await tx.budgetAttachment.update({ where: { sloId }, data: budgetColumnsOf(machine) })
    const now = await databaseNow(tx)
    const objectives = new Map(reading.objectives.map((one) => [one.objective, one]))
    const told = { attachment, steps: terms.steps, crossings, sloVersion: reading.version, objectives, now, settings }
    return { ...(await recordCrossings(tx, told)), crossings }
  })
}
