import { z } from 'zod'
import { codeChange, codeDocumentChange, codeFormat, codeNote, codeSource } from '../domain/code.ts'
import { route } from './route.ts'
import { idParams, instant, listOf, ok } from './shared.ts'

const tag = 'SLOs as code'

const codeInput = z.object({
  files: z
    .array(z.object({ path: z.string().min(1).max(500), content: z.string().max(1_000_000) }))
    .min(1)
    .max(500),
  /** Of the repository that holds the files; shown beside what comes from them. */
  commit: z.string().trim().min(1).max(100).nullable().default(null),
  /** Period of Sloth's SLOs, which its files leave open. */
  slothPeriod: z
    .string()
    .regex(/^\d+[dw]$/, 'use days or weeks, such as 28d')
    .default('30d'),
  /** Passes over objects of other software in the files instead of refusing them. */
  skipForeign: z.boolean().default(false),
  /** Takes away what these files once made and say no more: SLOs are archived, budget policies deleted, corrections revoked. */
  prune: z.boolean().default(false),
})
export type CodeInput = z.input<typeof codeInput>

export const codePlan = z.object({
  /** Nothing would change. */
  isEqual: z.boolean(),
  changes: z.array(codeChange),
  documents: z.array(codeDocumentChange),
  notes: z.array(codeNote),
})
export type CodePlan = z.infer<typeof codePlan>

/** Something that a document made. */
const made = z.object({
  id: z.string(),
  name: z.string(),
  /** It differs from what the document said last. */
  drifted: z.boolean(),
  /** An SLO that was archived, a correction that was revoked: the next apply makes another one. */
  gone: z.boolean(),
})

export const codeDocumentDto = z.object({
  id: z.string(),
  format: codeFormat,
  kind: z.string(),
  name: z.string(),
  file: z.string(),
  commit: z.string().nullable(),
  appliedAt: instant,
  appliedBy: z.string().nullable(),
  notes: z.array(codeNote),
  slos: z.array(made),
  services: z.array(made),
  budgetPolicies: z.array(made),
  corrections: z.array(made),
})
export type CodeDocumentDto = z.infer<typeof codeDocumentDto>

export const planCode = route({
  id: 'planCode',
  method: 'POST',
  path: '/api/v1/code/plan',
  tag,
  summary: 'What applying files of OpenSLO, Sloth, Pyrra or nines/v1 would change',
  access: { role: 'viewer', scope: 'read' },
  body: codeInput,
  response: codePlan,
})
export const applyCode = route({
  id: 'applyCode',
  method: 'POST',
  path: '/api/v1/code/apply',
  tag,
  summary: 'Make services, SLOs, budget policies and corrections what files of OpenSLO, Sloth, Pyrra or nines/v1 say',
  access: { role: 'editor', scope: 'write' },
  body: codeInput,
  response: codePlan,
})
export const listCodeDocuments = route({
  id: 'listCodeDocuments',
  method: 'GET',
  path: '/api/v1/code',
  tag,
  summary: 'Documents that were applied, with what has no effect and what has drifted',
  access: { role: 'viewer', scope: 'read' },
  response: listOf(codeDocumentDto),
})
export const exportCode = route({
  id: 'exportCode',
  method: 'GET',
  path: '/api/v1/code/export',
  tag,
  summary:
    'Services and SLOs as OpenSLO v1, budget policies and corrections as nines/v1; or the documents as they were applied',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({ format: z.enum(['openslo', 'original']).default('openslo') }),
  /** Connection details of data sources are told only to those who may also change them. */
  response: z.object({ text: z.string(), documents: z.number().int() }),
})
export const releaseCodeDocument = route({
  id: 'releaseCodeDocument',
  method: 'DELETE',
  path: '/api/v1/code/:id',
  tag,
  summary: 'Forget a document; what it made stays and can be edited again',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  response: ok,
})
export const getSloSource = route({
  id: 'getSloSource',
  method: 'GET',
  path: '/api/v1/slos/:id/source',
  tag,
  summary: 'The code that an SLO comes from and how it has drifted; null when it was made here',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: z.object({ source: codeSource.nullable() }),
})
export const getBudgetPolicySource = route({
  id: 'getBudgetPolicySource',
  method: 'GET',
  path: '/api/v1/budget-policies/:id/source',
  tag,
  summary: 'The code that a budget policy comes from and how it has drifted; null when it was made here',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: z.object({ source: codeSource.nullable() }),
})
