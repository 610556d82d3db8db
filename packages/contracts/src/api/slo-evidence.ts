import { z } from 'zod'
import { sloExplanation } from '../domain/slo-explanation.ts'
import { route } from './route.ts'
import { idParams, instant } from './shared.ts'

const tag = 'SLOs'
const asOf = instant
  .optional()
  .describe('what was known at this instant; the answer for an instant that has passed never changes')
const version = z.coerce.number().int().min(1).optional().describe('of the SLO; its newest when left out')

export const explainSlo = route({
  id: 'explainSlo',
  method: 'GET',
  path: '/api/v1/slos/:id/explain',
  tag,
  summary: 'Formula, inputs, coverage and revisions behind every figure of an SLO',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  query: z.object({ at: instant.optional(), asOf, version }),
  response: sloExplanation,
})

/** One minute as it was known. */
export const sloSlice = z.object({
  minute: z.number(),
  good: z.number(),
  total: z.number(),
  expected: z.number(),
  /** Epoch ms at which the counts became known. */
  revision: z.number(),
  revisions: z.number(),
})
export const getSloSlices = route({
  id: 'getSloSlices',
  method: 'GET',
  path: '/api/v1/slos/:id/slices',
  tag,
  summary: 'Good and total events by minute, at most seven days of them',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  query: z.object({ from: instant, to: instant, asOf, version }),
  response: z.object({ sloId: z.string(), version: z.number().int(), asOf: z.number(), slices: z.array(sloSlice) }),
})
