import { z } from 'zod'
import { compositeCombine } from '../domain/composite-sli.ts'
import { explainedMember } from '../domain/slo-explanation.ts'
import { dataState } from '../domain/slo.ts'
import { route } from './route.ts'
import { idParams } from './shared.ts'

/** A member with how it stands now by its own objective; null before it was evaluated. */
export const memberOfSlo = explainedMember.extend({
  state: dataState.nullable(),
  budgetRemaining: z.number().nullable(),
})
export type MemberOfSlo = z.infer<typeof memberOfSlo>

export const sloMembers = z.object({
  sloId: z.string(),
  /** null of an SLO that is no composite. */
  combine: compositeCombine.nullable(),
  /** The window of the first objective, as far as it is written, epoch ms: figures of the members are of it. */
  from: z.number(),
  to: z.number(),
  members: z.array(memberOfSlo),
  /** Composites that have this SLO as a member. */
  partOf: z.array(z.object({ id: z.string(), slug: z.string(), name: z.string(), combine: compositeCombine })),
})
export type SloMembers = z.infer<typeof sloMembers>

export const getSloMembers = route({
  id: 'getSloMembers',
  method: 'GET',
  path: '/api/v1/slos/:id/members',
  tag: 'SLOs',
  summary: 'Members of a composite SLO with what each contributed, and the composites that an SLO is part of',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: sloMembers,
})
