import { z } from 'zod'

const evidence = z.array(z.string()).default([])
const text = z.string().max(20_000)

export const factorClass = z.enum([
  'change',
  'config',
  'capacity',
  'dependency',
  'data',
  'design',
  'observability',
  'automation',
  'access',
  'process',
  'knowledge',
  'staffing',
  'external',
])

/** 1. What factors contributed? There is no field for a single root cause. */
export const contributingFactor = z.object({
  id: z.string(),
  description: text,
  classes: z.array(factorClass).default([]),
  role: z.enum(['trigger', 'latent', 'amplifier', 'mitigator']),
  /** Ids of timeline events that show it. */
  evidence,
})

/** 2. What did each existing defence see, and why did it not stop it? */
export const defence = z.object({
  id: z.string(),
  name: z.string().max(200),
  kind: z.enum(['test', 'review', 'canary', 'alert', 'slo', 'check', 'runbook', 'limit', 'redundancy', 'other']),
  outcome: z.enum(['worked', 'absent', 'present_not_triggered', 'triggered_ignored', 'bypassed', 'too_late']),
  whatItSaw: text,
  evidence,
})

/** 3. What restored service? */
export const restoringAction = z.object({
  id: z.string(),
  description: text,
  effect: z.enum(['helped', 'no_effect', 'harmed', 'unknown']),
  /** Epoch ms, when known. */
  at: z.number().nullable(),
  evidence,
})

/** 5. Detection and response: computed instants, epoch ms, null where the evidence is missing. */
export const responseTimes = z.object({
  impactAt: z.number().nullable(),
  detectedAt: z.number().nullable(),
  pagedAt: z.number().nullable(),
  acknowledgedAt: z.number().nullable(),
  mitigatedAt: z.number().nullable(),
  resolvedAt: z.number().nullable(),
})

export const reviewSections = z.object({
  factors: z.object({ narrative: text, items: z.array(contributingFactor) }),
  defences: z.object({ narrative: text, items: z.array(defence) }),
  restoration: z.object({ narrative: text, items: z.array(restoringAction) }),
  prevention: z.object({ narrative: text }),
  detection: z.object({ narrative: text, times: responseTimes }),
})
export type ReviewSections = z.infer<typeof reviewSections>

export const reviewState = z.enum(['draft', 'in_review', 'published'])
export type ReviewState = z.infer<typeof reviewState>

export const actionItemType = z.enum(['investigate', 'mitigate', 'repair', 'detect', 'prevent'])
export const actionItemState = z.enum(['open', 'in_progress', 'done'])
export type ActionItemType = z.infer<typeof actionItemType>
export type ActionItemState = z.infer<typeof actionItemState>
