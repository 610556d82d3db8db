import { z } from 'zod'
import { seriesSelector } from './selector.ts'

/** Good events over all events, each the increase of a set of counters. Give `good` or `bad`, not both. */
export const ratioSli = z
  .object({
    kind: z.literal('ratio'),
    good: seriesSelector.optional(),
    bad: seriesSelector.optional(),
    total: seriesSelector,
  })
  .refine((s) => (s.good === undefined) !== (s.bad === undefined), {
    message: 'give either good or bad',
    path: ['good'],
  })

/** Share of events not slower (or larger) than a threshold, from histograms: explicit-bounds ones, exponential (native) ones, or both. */
export const latencySli = z.object({
  kind: z.literal('latency'),
  histogram: seriesSelector,
  /** In the histogram's own unit. Counts of buckets whose upper bound is <= threshold are good. */
  threshold: z.number().positive(),
})

/** Share of a gauge's samples that compare with a threshold as wanted; each sample of each series is one event. */
export const gaugeSli = z.object({
  kind: z.literal('gauge'),
  gauge: seriesSelector,
  op: z.enum(['>', '>=', '<', '<=']),
  /** In the gauge's own unit. */
  threshold: z.number(),
})
export type GaugeSli = z.infer<typeof gaugeSli>

/** Share of a check's runs that passed. */
export const availabilitySli = z.object({ kind: z.literal('availability'), checkId: z.string().min(1) })

export const sliSpec = z.discriminatedUnion('kind', [ratioSli, latencySli, gaugeSli, availabilitySli])
export type SliSpec = z.infer<typeof sliSpec>
