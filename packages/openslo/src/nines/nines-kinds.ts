import type { Mapped } from '../desired/desired.ts'
import { budgetPolicyDocument, policyOfDocument, type BudgetPolicyDocument } from './budget-policy.ts'
import { correctionDocument, correctionOfDocument, type CorrectionDocument } from './correction.ts'

/** The kinds of documents that are Nines' own. */
export const ninesKinds = { BudgetPolicy: budgetPolicyDocument, Correction: correctionDocument }
export type NinesKind = keyof typeof ninesKinds

/** What a document of Nines' own makes. */
export function madeByDocument(
  document: BudgetPolicyDocument | CorrectionDocument,
): Pick<Mapped, 'budgetPolicies' | 'corrections'> {
  if (document.kind === 'Correction') return { corrections: [correctionOfDocument(document)] }
  return { budgetPolicies: [policyOfDocument(document)] }
}
