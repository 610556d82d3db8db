import { z } from 'zod'
import { measuredSli } from '../domain/sli.ts'
import { suggestedThreshold, suggestionAspect, suggestionEvidence } from '../domain/slo-suggestion.ts'
import { sloWindow } from '../domain/slo-window.ts'
import { sloTarget } from '../domain/slo.ts'
import { route } from './route.ts'
import { idParams, name, serviceRef, slug } from './shared.ts'
import { backtestRule } from './slo-backtest.ts'

/** Ready to be saved as it is: createSlo takes name, slug, description, sli, target and window. */
export const sloSuggestion = z.object({
  aspect: suggestionAspect,
  name,
  slug,
  description: z.string(),
  sli: measuredSli,
  target: sloTarget,
  window: sloWindow,
  /** Those that an SLO with this target and window starts with. */
  rules: z.array(backtestRule),
  /** What it is measured by, for people, and what else could measure the same. */
  source: z.string(),
  alternatives: z.array(z.string()),
  /** One operation of the service; null: the service as a whole. */
  operation: z.string().nullable(),
  /** An SLO that promises this already. `same`: by the very same telemetry. */
  coveredBy: z.object({ id: z.string(), name: z.string(), target: sloTarget, same: z.boolean() }).nullable(),
  /** From too few days of data to rely on. */
  provisional: z.boolean(),
  /** How the target was chosen. */
  reason: z.string(),
  threshold: suggestedThreshold.nullable(),
  evidence: suggestionEvidence,
  /** What a person should know before saving it. */
  warnings: z.array(z.string()),
})
export type SloSuggestion = z.infer<typeof sloSuggestion>

export const sloSuggestions = z.object({
  service: serviceRef,
  /** What was looked at, epoch ms. */
  from: z.number(),
  to: z.number(),
  /** Names under which telemetry may speak of the service, and those that it does. */
  names: z.array(z.string()),
  foundNames: z.array(z.string()),
  /** Most useful first; those that are covered last. */
  items: z.array(sloSuggestion),
  /** What was looked at and came to nothing. */
  leftOut: z.array(z.object({ what: z.string(), why: z.string() })),
  /** Other names that telemetry of the workspace comes under, where nothing was found under this service's. */
  otherNames: z.array(z.string()),
})
export type SloSuggestions = z.infer<typeof sloSuggestions>

export const suggestSlos = route({
  id: 'suggestSlos',
  method: 'GET',
  path: '/api/v1/services/:id/slo-suggestions',
  tag: 'SLOs',
  summary: 'SLOs that the telemetry of a service supports, each with its evidence; saves nothing',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  query: z.object({
    days: z.coerce.number().int().min(1).max(90).default(30).describe('how far back to look'),
    name: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe('of the service in its telemetry (service.name), where the catalogue calls it otherwise'),
  }),
  response: sloSuggestions,
})
