import { z } from 'zod'
import { noDataRule } from './composite-sli.ts'
import { correctedSpan } from './correction.ts'
import { objectiveStatus, windowBurn } from './slo.ts'

/** A figure with what it was computed from. `formula` names the inputs. */
export const explainedFigure = z.object({
  id: z.enum(['sli', 'budget', 'budget_remaining', 'budget_remaining_to_date', 'burn', 'exhaustion']),
  name: z.string(),
  formula: z.string(),
  inputs: z.array(z.object({ name: z.string(), value: z.number().nullable(), unit: z.string() })),
  value: z.number().nullable(),
  unit: z.enum(['ratio', 'events', 'times', 's']),
})
export type ExplainedFigure = z.infer<typeof explainedFigure>

/** What one member of a composite counted in a window. */
export const explainedMember = z.object({
  sloId: z.string(),
  slug: z.string(),
  name: z.string(),
  service: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  /** The version that held. */
  version: z.number().int(),
  kind: z.string().describe('of its SLI'),
  target: z.number(),
  /** As it was given and as a share of all weights; null where members have none. */
  weight: z.number().nullable(),
  weightShare: z.number().nullable(),
  noData: noDataRule,
  good: z.number(),
  total: z.number(),
  /** Minutes of silence that count by `noData`. */
  silentMinutes: z.number(),
  /** As the composite counts it, silence included; null without anything to go by. */
  sli: z.number().nullable(),
  /** Millionths of what the composite spent that this member caused: they sum to a million. null while nothing is spent. */
  contributionUnits: z.number().int().nullable(),
})
export type ExplainedMember = z.infer<typeof explainedMember>

/** One objective at an instant, every figure taken apart. */
export const explainedObjective = objectiveStatus.extend({
  figures: z.array(explainedFigure),
  /** Of a composite; else empty. */
  members: z.array(explainedMember),
  /** Minutes of the window so far, those that were measured, and those with events. */
  coverage: z.object({ minutes: z.number(), measured: z.number(), withEvents: z.number() }),
  revisions: z.object({
    /** Minutes of which more than one revision was known. */
    revisedMinutes: z.number(),
    /** Epoch ms at which the newest of the counts became known; null without any. */
    newest: z.number().nullable(),
  }),
})
export type ExplainedObjective = z.infer<typeof explainedObjective>

export const sloExplanation = z.object({
  sloId: z.string(),
  version: z.number().int(),
  /** The instant that the figures are of, on a whole minute, epoch ms: minutes that ended by then count. */
  at: z.number(),
  /** What was known at this instant, epoch ms. The same for ever once it has passed. */
  asOf: z.number(),
  objectives: z.array(explainedObjective),
  /** Times that corrections exclude or count as good. */
  corrected: z.array(correctedSpan),
  burns: z.array(windowBurn),
})
export type SloExplanation = z.infer<typeof sloExplanation>
