import type { SliValues } from './sli-form.ts'

/** What the SLO form holds while it is being filled in. */
export interface SloFormValues extends Record<string, unknown> {
  name: string
  slug: string
  description: string
  serviceId: string
  sli: SliValues
  /** In percent, as people say it: 99.9. */
  targetPercent: number | ''
  windowDays: number | ''
}
