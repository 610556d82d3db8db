import { z } from 'zod'
import { compositeSli, type CompositeSli } from './composite-sli.ts'
import { labelMatcher, seriesSelector } from './selector.ts'

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

/** Conditions on attributes of a span or log record; one that it lacks is looked for in its resource, then empty. */
const attributes = z.array(labelMatcher).max(20).default([])

/** OTLP's SpanKind by number. */
export const SPAN_KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const

/**
 * Share of a service's spans that are good. A span counts in the minute it began, once however often it was sent (by trace
 * and span id). It is good when it meets every condition of `good`.
 */
export const spansSli = z.object({
  kind: z.literal('spans'),
  /** `service.name` of the spans. */
  service: z.string().min(1).max(256),
  /** Name of the spans; without it, any. */
  operation: z.string().min(1).max(1024).optional(),
  /** Kinds of spans that count: what the service was asked for, by default. */
  spanKinds: z.array(z.enum(SPAN_KINDS)).min(1).max(SPAN_KINDS.length).default(['server', 'consumer']),
  attributes,
  good: z
    .object({
      /** Spans whose status is error are bad. */
      withoutError: z.boolean().default(false),
      /** Longer spans are bad. */
      maxDurationMs: z.number().positive().max(86_400_000).optional(),
    })
    .refine(({ withoutError, maxDurationMs }) => withoutError || maxDurationMs !== undefined, {
      message: 'say what is good: without error, a longest duration, or both',
      path: ['withoutError'],
    }),
})
export type SpansSli = z.infer<typeof spansSli>

/** What a log record says. All conditions must hold. */
export const logCondition = z.object({
  /** OTLP's severity number from which on: 9 is info, 13 warn, 17 error; 0 any, also none. */
  minSeverity: z.number().int().min(0).max(24).default(0),
  /** A piece of the body as it is written, or a regular expression in RE2's syntax that matches somewhere in it. */
  body: z.object({ op: z.enum(['contains', '=~']), value: z.string().min(1).max(1024) }).optional(),
  attributes,
})
export type LogCondition = z.infer<typeof logCondition>
const part = logCondition.refine(
  ({ minSeverity, body, attributes: conditions }) => minSeverity > 0 || body !== undefined || conditions.length > 0,
  { message: 'give at least one condition', path: ['body'] },
)

/** Matching log records over all of a selector. Give `good` or `bad`; what matches it is looked for among `total`. */
export const logsSli = z
  .object({
    kind: z.literal('logs'),
    /** `service.name` may be any when it is left out. */
    total: logCondition.extend({ service: z.string().min(1).max(256).optional() }),
    good: part.optional(),
    bad: part.optional(),
  })
  .refine((s) => (s.good === undefined) !== (s.bad === undefined), {
    message: 'give either good or bad',
    path: ['good'],
  })
export type LogsSli = z.infer<typeof logsSli>

const measured = [ratioSli, latencySli, gaugeSli, spansSli, logsSli, availabilitySli] as const
/** Good and total events by minute. */
export const measuredSli = z.discriminatedUnion('kind', measured)
export type MeasuredSli = z.infer<typeof measuredSli>

/** Slices lie on UTC's grid. The shortest window of an alert, five minutes, holds at least one. */
const sliceMinutes = z.number().int().min(1).max(5).default(1)

/**
 * Time instead of events: a slice of time is good when the ratio of its events reaches the slice target. A slice without
 * events is none: nothing is known of it.
 */
export const timeSlicesSli = z.object({
  kind: z.literal('time_slices'),
  of: measuredSli,
  sliceMinutes,
  /** At least this fraction of a good slice's events is good; 1 asks for all of them. */
  sliceTarget: z.number().gt(0).max(1),
})

/** The mean of the ratios of slices: each stretch of time weighs the same, however many events it had. */
export const ratioTimeSlicesSli = z.object({ kind: z.literal('ratio_time_slices'), of: measuredSli, sliceMinutes })
export type TimeSlicesSli = z.infer<typeof timeSlicesSli> | z.infer<typeof ratioTimeSlicesSli>

export const sliSpec = z.discriminatedUnion('kind', [...measured, timeSlicesSli, ratioTimeSlicesSli, compositeSli])
export type SliSpec = z.infer<typeof sliSpec>
/** An SLI with slices of its own: everything but a composite, which has those of its members. */
export type OwnSli = Exclude<SliSpec, CompositeSli>

export function isComposite(sli: SliSpec): sli is CompositeSli {
  return sli.kind === 'composite'
}

/** What an SLI measures, slices or not. */
export function measuredOf(sli: OwnSli): MeasuredSli {
  return sli.kind === 'time_slices' || sli.kind === 'ratio_time_slices' ? sli.of : sli
}
