import { objectiveIndex } from '@nines/contracts'
import { z } from 'zod'
import type { Metadata } from '../schema/metadata.ts'

/**
 * OpenSLO knows no budget policies: the name of the one that an SLO follows stands under this annotation. With another
 * objective than the first it is JSON, `{"name": "Shop", "objective": 1}`, null for each by itself; empty text is none.
 */
export const BUDGET_ANNOTATION = 'nines/budget-policy'

/** The budget policy that an SLO follows; null: none. */
export const desiredBudgetPolicy = z.object({
  name: z.string().min(1),
  objective: objectiveIndex.nullable().default(0),
})
type DesiredBudgetPolicy = z.infer<typeof desiredBudgetPolicy>

/** What the annotation says: undefined where there is none, 'unreadable' where it cannot be read. */
export function budgetAnnotation({ annotations }: Metadata): DesiredBudgetPolicy | null | undefined | 'unreadable' {
  const text = annotations?.[BUDGET_ANNOTATION]?.trim()
  if (text === undefined) return undefined
  if (text === '') return null
  if (!text.startsWith('{')) return { name: text, objective: 0 }
  try {
    return desiredBudgetPolicy.parse(JSON.parse(text))
  } catch {
    return 'unreadable'
  }
}

/** The annotation that says so. */
export function budgetAnnotationText({ name, objective }: DesiredBudgetPolicy): string {
  return objective === 0 && name === name.trim() && !name.startsWith('{') ? name : JSON.stringify({ name, objective })
}
