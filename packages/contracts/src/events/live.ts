import { z } from 'zod'

/** What changed, for dashboards that listen; they fetch the thing itself through the API. */
export const liveEvent = z.object({
  type: z.enum([
    'slo.status',
    'slo.backfill',
    'alert.changed',
    'incident.changed',
    'review.changed',
    'check.run',
    'page.changed',
    'change.recorded',
    'budget.crossed',
    'settings.changed',
  ]),
  /** Id of the changed thing; empty for many at once. */
  id: z.string(),
  at: z.number(),
})
export type LiveEvent = z.infer<typeof liveEvent>

/** GET /api/v1/events, server-sent events: `event: live`, data = one LiveEvent as JSON; a comment every 15 s. */
export const LIVE_EVENTS_PATH = '/api/v1/events'
