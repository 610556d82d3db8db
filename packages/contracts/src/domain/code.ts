import { z } from 'zod'

/** Formats in which SLOs are written as code; what none of the others has words for is in Nines' own (`nines/v1`). */
export const codeFormat = z.enum(['openslo', 'sloth', 'pyrra', 'nines'])
export type CodeFormatName = z.infer<typeof codeFormat>

/** One difference of a field; a side on which it does not exist is absent. */
export const codeField = z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })
export type CodeField = z.infer<typeof codeField>

/** Where something stands in files. Lines and documents count from 1. */
const place = { file: z.string(), document: z.number().int(), line: z.number().int() }

/**
 * `left`: code made it and says nothing of it any more; it stays until an apply prunes. `remove`: this one prunes it.
 */
export const codeAction = z.enum(['create', 'update', 'unchanged', 'left', 'remove'])
export type CodeAction = z.infer<typeof codeAction>

/** Kinds of things that documents make. */
export const codeObjectKind = z.enum(['Service', 'SLO', 'BudgetPolicy', 'Correction'])
export type CodeObjectKind = z.infer<typeof codeObjectKind>

/** What becomes of one service, SLO, budget policy or correction. */
export const codeChange = z.object({
  action: codeAction,
  kind: codeObjectKind,
  /** Short name; of a budget policy or a correction its name. */
  slug: z.string(),
  name: z.string(),
  /** null before it exists. */
  id: z.string().nullable(),
  /** Somebody changed it otherwise since code was applied. */
  drifted: z.boolean(),
  /** Where code says it; null for `left` and `remove`. */
  place: z.object(place).nullable(),
  fields: z.array(codeField),
})
export type CodeChange = z.infer<typeof codeChange>

/** What becomes of one document. */
export const codeDocumentChange = z.object({
  action: codeAction,
  format: codeFormat,
  kind: z.string(),
  name: z.string(),
  ...place,
})
export type CodeDocumentChange = z.infer<typeof codeDocumentChange>

/** Something in a document that is kept but has no effect, less effect or another one. */
export const codeNote = z.object({
  effect: z.enum(['not_evaluated', 'not_used', 'changed', 'skipped']),
  ...place,
  path: z.string(),
  message: z.string(),
})
export type CodeNote = z.infer<typeof codeNote>

/** Where an SLO, a budget policy or a correction comes from, when from code. */
export const codeSource = z.object({
  documentId: z.string(),
  format: codeFormat,
  kind: z.string(),
  name: z.string(),
  file: z.string(),
  commit: z.string().nullable(),
  appliedAt: z.string(),
  appliedBy: z.string().nullable(),
  /** How it differs from what code last said: `before` is code's, `after` what holds now. */
  drift: z.array(codeField),
})
export type CodeSource = z.infer<typeof codeSource>
