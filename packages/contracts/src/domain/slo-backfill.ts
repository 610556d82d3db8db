import { z } from 'zod'

/**
 * waiting: nobody has begun; running: minutes are being counted; retrying: the last attempt failed and the next is due in
 * seconds; done: the whole window is known and the SLO is evaluated.
 */
export const backfillState = z.enum(['waiting', 'running', 'retrying', 'done'])
export type BackfillState = z.infer<typeof backfillState>

/** How far the history of one SLO version has been computed from stored telemetry. Instants are epoch ms. */
export const sloBackfill = z.object({
  sloId: z.string(),
  version: z.number().int(),
  state: backfillState,
  /** The stretch that the version's windows need. */
  from: z.number(),
  to: z.number(),
  /** Minutes of it that are computed, oldest first, and all. Both 0 while waiting. */
  minutesDone: z.number().int(),
  minutesAll: z.number().int(),
  /** null until it has begun; an attempt that goes on where another was ended keeps the first one's. */
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  /** Why the last attempt failed, while `retrying`. */
  error: z.string().nullable(),
})
export type SloBackfill = z.infer<typeof sloBackfill>
