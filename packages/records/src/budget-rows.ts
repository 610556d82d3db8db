import { budgetSteps, budgetUnknown, enteredStep } from '@nines/contracts'
import type { BudgetMachine, StandingTerms } from '@nines/slo'
import type { Database } from './client.ts'
import type { BudgetAttachment, BudgetPolicy, Prisma } from './generated/client.ts'

/** Everything that a decision about an SLO's budget steps needs, and messages about them. */
const context = {
  policy: true,
  slo: { include: { service: true, versions: { orderBy: { version: 'desc' }, take: 1 } } },
} as const satisfies Prisma.BudgetAttachmentInclude
export type AttachmentContext = Prisma.BudgetAttachmentGetPayload<{ include: typeof context }>

/** Locks what ties an SLO to its policy and reads it; null where it follows none. Before it only an SLO's row is locked. */
export async function lockAttachment(
  tx: Database,
  workspaceId: string,
  sloId: string,
): Promise<AttachmentContext | null> {
  await tx.$queryRaw`
    select "sloId" from "BudgetAttachment" where "sloId" = ${sloId} and "workspaceId" = ${workspaceId} for update`
  return tx.budgetAttachment.findFirst({ where: { sloId, workspaceId }, include: context })
}

/** When steps of a policy are entered and left for an SLO that follows it. */
export function standingTermsOf(
  policy: Pick<BudgetPolicy, 'steps' | 'margin' | 'onUnknown'>,
  objective: number | null,
): StandingTerms {
  const { steps, margin, onUnknown } = policy
  return { steps: budgetSteps.parse(steps), margin, objective, onUnknown: budgetUnknown.parse(onUnknown) }
}

/** The state machine's view of a row. */
export function budgetMachineOf(row: Pick<BudgetAttachment, 'readVersion' | 'readAt' | 'entered'>): BudgetMachine {
  const entered = enteredStep.array().parse(row.entered)
  return { version: row.readVersion, at: Number(row.readAt), entered }
}

/** The row's view of a state machine. */
export function budgetColumnsOf({ version, at, entered }: BudgetMachine) {
  return { readVersion: version, readAt: BigInt(at), entered: entered.map((step) => ({ ...step })) }
}
