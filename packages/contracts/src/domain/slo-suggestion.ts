import { z } from 'zod'

/** What an SLO promises: that requests succeed, that they are fast, that data is fresh, that checks pass, that logs are calm. */
export const suggestionAspect = z.enum(['availability', 'latency', 'freshness', 'check', 'logs'])
export type SuggestionAspect = z.infer<typeof suggestionAspect>

/** How a threshold was chosen. In the unit of the SLI, which `unit` names: s, ms, or what the metric says. */
export const suggestedThreshold = z.object({
  value: z.number(),
  unit: z.string(),
  /** `300 ms`. */
  text: z.string(),
  /** The quantile that the threshold lies at or just above. */
  quantile: z.number(),
  /** What was measured, ascending; the value in the same unit. */
  quantiles: z.array(z.object({ quantile: z.number(), value: z.number() })),
  /** Why this value and no other. */
  reason: z.string(),
})
export type SuggestedThreshold = z.infer<typeof suggestedThreshold>

/** What the SLI would have measured. Instants are epoch ms; days are UTC's, of which the first and the last may be cut. */
export const suggestionEvidence = z.object({
  from: z.number(),
  to: z.number(),
  good: z.number(),
  total: z.number(),
  sli: z.number().nullable(),
  days: z.array(z.object({ at: z.number(), good: z.number(), total: z.number(), sli: z.number().nullable() })),
  /** Of days with events. */
  worstDay: z.object({ at: z.number(), sli: z.number() }).nullable(),
  medianDay: z.number().nullable(),
  /** Days with events, and the first minute with any measurement. */
  daysWithEvents: z.number().int(),
  firstAt: z.number().nullable(),
  /** Share of the minutes from the first measured one on that were measured. */
  coverage: z.number(),
  /** Mean over the hours from the first measured minute on. */
  eventsPerHour: z.number(),
  /** Rolling windows that were looked at, of so many days, and those of them in which the target was met. */
  windows: z.object({ days: z.number().int(), count: z.number().int(), met: z.number().int() }),
  /** What the budget of one whole window of the SLO holds, in bad events, at this traffic. */
  budgetEvents: z.number(),
  /** What would be left of the budget, were the evidence its window: 1 untouched. */
  budgetRemaining: z.number(),
  /** How often the default rules would have paged and opened tickets. */
  pages: z.number().int(),
  tickets: z.number().int(),
  /** Series that feed the SLI; 0 for a check, spans and log records. */
  series: z.number().int(),
})
export type SuggestionEvidence = z.infer<typeof suggestionEvidence>
