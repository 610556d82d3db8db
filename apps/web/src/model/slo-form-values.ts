import type { ObjectiveValues } from './objective-values.ts'
import type { SliValues } from './sli-form.ts'

/** What the SLO form holds while it is being filled in. */
export interface SloFormValues extends Record<string, unknown> {
  name: string
  slug: string
  description: string
  serviceId: string
  sli: SliValues
  objective: ObjectiveValues
  furtherObjectives: ObjectiveValues[]
}
