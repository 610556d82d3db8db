import { alertRuleDto, furtherObjectives, severity, sliSpec, sloTarget, sloWindow } from '@nines/contracts'
import { z } from 'zod'
import type { DesiredPolicy } from '../nines/budget-policy.ts'
import type { DesiredCorrection } from '../nines/correction.ts'
import { desiredBudgetPolicy } from '../openslo/budget-annotation.ts'

/** A service as code wants it. */
export interface DesiredService {
  slug: string
  name: string
  description: string
  /** Only named by an SLO: made where it is missing, otherwise left as it is. */
  isImplied: boolean
}

export const desiredRule = z.object({
  name: z.string(),
  severity,
  enabled: z.boolean(),
  condition: alertRuleDto.shape.condition,
})
export type DesiredRule = z.infer<typeof desiredRule>

/** An SLO as code wants it: everything that Nines compares and writes. */
export const desiredSlo = z.object({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  /** Slug of its service. */
  service: z.string(),
  sli: sliSpec,
  target: sloTarget,
  window: sloWindow,
  furtherObjectives,
  rules: z.array(desiredRule),
  /** null: it follows none. Absent: code does not say, and it stays as it is. */
  budgetPolicy: desiredBudgetPolicy.nullable().optional(),
})
export type DesiredSlo = z.infer<typeof desiredSlo>

/** Something in a document that has no effect in Nines (yet). The document is kept whole all the same. */
export interface Note {
  /**
   * `not_evaluated`: the SLO (or this objective of it) is not computed. `not_used`: it is, without this field.
   * `changed`: it is, and Nines does it differently.
   */
  effect: 'not_evaluated' | 'not_used' | 'changed'
  path: PropertyKey[]
  message: string
}

/** What a document comes to in Nines. */
export interface Mapped {
  services: DesiredService[]
  slos: DesiredSlo[]
  /** Of documents of Nines' own alone. */
  budgetPolicies?: DesiredPolicy[]
  corrections?: DesiredCorrection[]
  notes: Note[]
}

/** A slug out of any name: `Foo Bar!` is `foo-bar`; undefined where nothing is left. */
export function slugOf(...names: string[]): string | undefined {
  const slug = names
    .join('-')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  if (slug.length <= 63) return slug === '' ? undefined : slug
  // Two long names that differ at their ends stay apart.
  return `${slug.slice(0, 54).replace(/-+$/, '')}-${hash(slug)}`
}

/** FNV-1a, 32 bits, as 8 hex digits. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0')
}

/** A fraction of a percentage without the noise of binary division: 99.95 is 0.9995. */
export function fractionOf(percent: number): number {
  return Number((percent / 100).toPrecision(15))
}

/** A display name as the API takes it. */
export function shortName(name: string): string {
  const trimmed = name.trim()
  return trimmed.length <= 120 ? trimmed : `${trimmed.slice(0, 119)}…`
}
