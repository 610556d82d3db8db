import type { ReviewSections } from '@nines/contracts'

/** How the old checkout incident went, epoch ms. */
export interface PastCourse {
  impactAt: number
  detectedAt: number
  pagedAt: number
  acknowledgedAt: number
  mitigatedAt: number
  resolvedAt: number
}

/** The course of an incident whose bad minutes are known: noticed quickly, mended by hand. */
export function courseOf(trouble: { startsAt: number; endsAt: number }): PastCourse {
  const impactAt = trouble.startsAt
  return {
    impactAt,
    detectedAt: impactAt + 34_000,
    pagedAt: impactAt + 36_000,
    acknowledgedAt: impactAt + 95_000,
    mitigatedAt: trouble.endsAt - 20_000,
    resolvedAt: trouble.endsAt + 70_000,
  }
}

export interface PastTimelineEntry {
  /** Also the id that the review's evidence names. */
  key:
    | 'impact'
    | 'fired'
    | 'opened'
    | 'paged'
    | 'delivered'
    | 'acknowledged'
    | 'note'
    | 'rollback'
    | 'cleared'
    | 'closed'
  kind: string
  at: number
  summary: string
  /** Said or done by the responder. */
  byResponder: boolean
}

/** The timeline of the old incident, oldest first. */
export function pastTimeline(course: PastCourse, responder: string): PastTimelineEntry[] {
  const entry = (
    key: PastTimelineEntry['key'],
    kind: string,
    at: number,
    summary: string,
    byResponder = false,
  ): PastTimelineEntry => ({ key, kind, at, summary, byResponder })
  const { impactAt, detectedAt, pagedAt, acknowledgedAt, mitigatedAt, resolvedAt } = course
  return [
    entry('impact', 'impact_started', impactAt, 'First bad minute of Checkout takes orders'),
    entry('fired', 'alert_fired', detectedAt, 'Checkout takes orders burns its error budget too fast'),
    entry('opened', 'incident_opened', detectedAt, 'Incident opened as SEV 2'),
    entry('paged', 'page_created', pagedAt, `Paged ${responder}, on call in Shop on call`),
    entry('delivered', 'delivery_succeeded', pagedAt + 400, 'Page delivered to Demo inbox'),
    entry('acknowledged', 'alert_acknowledged', acknowledgedAt, `${responder} acknowledged`, true),
    entry('note', 'note', acknowledgedAt + 150_000, 'Failures began with release 2026.10 of checkout', true),
    entry('rollback', 'mitigation', mitigatedAt, 'Rolled checkout back to release 2026.09', true),
    entry('cleared', 'alert_resolved', resolvedAt, 'Checkout takes orders is back within its limit'),
    entry('closed', 'incident_state', resolvedAt, 'Incident resolved: all of its alerts are'),
  ]
}

export interface PastReviewText {
  summary: string
  impact: string
  sections: ReviewSections
}

/** A finished review, as a model of one. `eventIds`: the timeline event that each key became. */
export function pastReview(course: PastCourse, eventIds: Record<string, string>): PastReviewText {
  const evidence = (...keys: PastTimelineEntry['key'][]) => keys.flatMap((key) => eventIds[key] ?? [])
  return {
    summary:
      'A release of checkout changed how the connection pool to payments is sized. Under afternoon traffic the pool ran ' +
      'dry and a quarter of the orders failed for eleven minutes, until the release was rolled back.',
    impact: 'About one order in four failed for eleven minutes on a weekday afternoon. No card was charged twice.',
    sections: {
      factors: {
        narrative: 'Neither the change nor the traffic alone would have been enough.',
        items: [
          {
            id: 'factor-1',
            description:
              'The release set the pool size per process instead of per host, a quarter of what it had been.',
            classes: ['config', 'change'],
            role: 'trigger',
            evidence: evidence('note', 'rollback'),
          },
          {
            id: 'factor-2',
            description:
              'Checkout waits for a free connection without a limit of its own, so a dry pool looks like errors.',
            classes: ['design'],
            role: 'latent',
            evidence: evidence('impact'),
          },
        ],
      },
      defences: {
        narrative: '',
        items: [
          {
            id: 'defence-1',
            name: 'SLO Checkout takes orders, rule page',
            kind: 'slo',
            outcome: 'worked',
            whatItSaw: 'It fired 34 s after the first bad minute began.',
            evidence: evidence('fired'),
          },
          {
            id: 'defence-2',
            name: 'Load test in the release pipeline',
            kind: 'test',
            outcome: 'present_not_triggered',
            whatItSaw: 'It runs at a tenth of the afternoon traffic, at which the smaller pool suffices.',
            evidence: [],
          },
          {
            id: 'defence-3',
            name: 'Gradual release',
            kind: 'canary',
            outcome: 'absent',
            whatItSaw: 'Checkout is released to all hosts at once.',
            evidence: [],
          },
        ],
      },
      restoration: {
        narrative: '',
        items: [
          {
            id: 'action-1',
            description: 'Rolling back to the release before.',
            effect: 'helped',
            at: course.mitigatedAt,
            evidence: evidence('rollback', 'cleared'),
          },
        ],
      },
      prevention: {
        narrative: 'A release that reaches a few hosts first would have failed a few orders instead of thousands.',
      },
      detection: {
        narrative: 'The page came before the first complaint. Finding the release took longer than it should have.',
        times: course,
      },
    },
  }
}
