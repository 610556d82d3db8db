import { z } from 'zod'

/**
 * What a correction does to the minutes that it covers. `exclude`: they are neither good nor bad and leave the denominator.
 * `good`: their bad events count as good. `count`: they count as measured, and the ledger puts what they spend down to it.
 */
export const correctionEffect = z.enum(['exclude', 'good', 'count'])
export type CorrectionEffect = z.infer<typeof correctionEffect>

/** When a correction applies. Instants are epoch ms. */
export interface CorrectionSchedule {
  /** The only span of time, or the first one. */
  startsAt: number
  endsAt: number
  /** RFC 5545 recurrence of the first span's start, such as FREQ=WEEKLY;BYDAY=MO,TU; null: once. */
  rrule: string | null
  /** IANA zone by whose clocks it recurs. */
  timeZone: string
  /** It applies to the time from startsAt on that lies outside of the spans: business hours leave the nights out. */
  outside: boolean
}

/** A time whose minutes were corrected, on whole minutes [from, to), epoch ms. */
export const correctedSpan = z.object({ from: z.number(), to: z.number(), effect: z.enum(['exclude', 'good']) })
export type CorrectedSpan = z.infer<typeof correctedSpan>
