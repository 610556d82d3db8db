import { correctionEffect, correctionInput } from '@nines/contracts'
import { correctionProblems } from '@nines/slo'
import { z } from 'zod'
import { documentOfNines, NINES_VERSION } from './nines-document.ts'

const shortName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'is not a short name such as checkout-works')
  .optional()
const { effect, startsAt, endsAt, rrule, timeZone, outside, reason } = correctionInput.shape

const spec = z
  .strictObject({
    /** Neither: all SLOs of the workspace. */
    slo: shortName,
    service: shortName,
    effect,
    startsAt,
    endsAt,
    rrule,
    timeZone,
    outside,
    reason,
  })
  .superRefine((correction, context) => {
    // Without instants and a zone there is no telling what it comes to.
    if (!z.object({ startsAt, endsAt, timeZone }).safeParse(correction).success) return
    const times = { startsAt: Date.parse(correction.startsAt), endsAt: Date.parse(correction.endsAt) }
    for (const { field, message } of correctionProblems({ ...correction, ...times }))
      context.addIssue({ code: 'custom', path: [field], message })
  })

/** Time that counts otherwise than measured: maintenance, business hours. Its name is known to code alone. */
export const correctionDocument = documentOfNines(
  'Correction',
  z.strictObject({ name: z.string().trim().min(1).max(120) }),
  spec,
)
export type CorrectionDocument = z.infer<typeof correctionDocument>

/** A correction as code wants it: SLO and service by their short names, instants in UTC. */
export const desiredCorrection = z.object({
  name: z.string(),
  slo: z.string().nullable(),
  service: z.string().nullable(),
  effect: correctionEffect,
  startsAt: z.string(),
  endsAt: z.string(),
  rrule: z.string().nullable(),
  timeZone: z.string(),
  outside: z.boolean(),
  reason: z.string(),
})
export type DesiredCorrection = z.infer<typeof desiredCorrection>

export function correctionOfDocument({ metadata, spec: wanted }: CorrectionDocument): DesiredCorrection {
  const { slo = null, service = null, ...rest } = wanted
  return {
    name: metadata.name,
    slo,
    service,
    ...rest,
    startsAt: new Date(rest.startsAt).toISOString(),
    endsAt: new Date(rest.endsAt).toISOString(),
  }
}

/** The document that makes such a correction. */
export function documentOfCorrection(correction: DesiredCorrection): z.input<typeof correctionDocument> {
  const { name, slo, service, rrule: rule, ...rest } = desiredCorrection.parse(correction)
  const scope = { ...(slo !== null && { slo }), ...(service !== null && { service }) }
  const wanted = { ...scope, ...rest, ...(rule !== null && { rrule: rule }) }
  return { apiVersion: NINES_VERSION, kind: 'Correction', metadata: { name }, spec: wanted }
}
