import { z } from 'zod'
import { codeSource } from '../domain/code.ts'
import { correctionEffect } from '../domain/correction.ts'
import { timeZone } from '../domain/slo-window.ts'
import { route } from './route.ts'
import { idParams, instant, listOf } from './shared.ts'

const tag = 'Corrections'
const reason = z.string().trim().min(1).max(500)

export const correctionDto = z.object({
  id: z.string(),
  /** One SLO, all SLOs of a service, or with both null all of the workspace. */
  sloId: z.string().nullable(),
  serviceId: z.string().nullable(),
  effect: correctionEffect,
  startsAt: instant,
  endsAt: instant,
  rrule: z.string().nullable(),
  timeZone: z.string(),
  outside: z.boolean(),
  reason: z.string(),
  createdBy: z.string(),
  createdAt: instant,
  /** A revoked correction applies to nothing and stays on record. */
  revokedAt: instant.nullable(),
  revokedBy: z.string().nullable(),
  revokeReason: z.string().nullable(),
  /** The file of code that says so; null for one that was made here. */
  codeFile: z.string().nullable(),
})
export type CorrectionDto = z.infer<typeof correctionDto>

export const listedCorrection = correctionDto.extend({
  /** The code that it comes from and how it has drifted: `revoked` where it does not hold any more. null when it was made here. */
  source: codeSource.nullable(),
})
export type ListedCorrection = z.infer<typeof listedCorrection>

export const correctionInput = z.object({
  sloId: z.string().nullable().default(null),
  serviceId: z.string().nullable().default(null),
  effect: correctionEffect,
  startsAt: instant,
  endsAt: instant,
  rrule: z.string().trim().min(1).max(500).nullable().default(null),
  timeZone: timeZone.default('UTC'),
  outside: z.boolean().default(false),
  reason,
})

export const listCorrections = route({
  id: 'listCorrections',
  method: 'GET',
  path: '/api/v1/corrections',
  tag,
  summary: 'Corrections, newest first, revoked ones too, with the code that they come from',
  access: { role: 'viewer', scope: 'read' },
  /** With an SLO: all that apply to it. */
  query: z.object({ sloId: z.string().optional() }),
  response: listOf(listedCorrection),
})
export const createCorrection = route({
  id: 'createCorrection',
  method: 'POST',
  path: '/api/v1/corrections',
  tag,
  summary: 'Exclude time, count it as good or call it maintenance; past or coming, once or recurring',
  access: { role: 'editor', scope: 'write' },
  body: correctionInput,
  response: correctionDto,
})
export const revokeCorrection = route({
  id: 'revokeCorrection',
  method: 'POST',
  path: '/api/v1/corrections/:id/revoke',
  tag,
  summary: 'Undo a correction, for the past too; its record stays',
  access: { role: 'editor', scope: 'write' },
  params: idParams,
  body: z.object({ reason }),
  response: correctionDto,
})
