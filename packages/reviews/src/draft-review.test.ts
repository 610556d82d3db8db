import { reviewSections, type TimelineEntry } from '@nines/contracts'
import { describe, expect, test } from 'vitest'
import { draftReview } from './draft-review.ts'
import { publishProblems } from './publish-problems.ts'
import type { ReviewEvidence } from './review-evidence.ts'

const T0 = Date.parse('2026-01-02T03:00:00Z')
const at = (second: number) => T0 + second * 1000
const entry = (id: string, kind: TimelineEntry['kind'], second: number, summary: string, more = {}): TimelineEntry => ({
  id,
  kind,
  at: at(second),
  recordedAt: at(second),
  summary,
  actorName: null,
  data: {},
  ...more,
})
const window = (windowSeconds: number, burnRate: number) => ({ windowSeconds, good: 970, total: 1000, burnRate })

const full: ReviewEvidence = {
  incident: {
    number: 7,
    title: 'Checkout: Availability burns its error budget',
    severity: 'sev1',
    openedAt: at(120),
    acknowledgedAt: at(180),
    mitigatedAt: at(600),
    resolvedAt: at(900),
  },
  service: { name: 'Checkout', runbookUrl: 'https://runbooks.test/checkout' },
  impactAt: at(0),
  budgets: [
    {
      sloId: 'slo_1',
      sloName: 'Availability',
      objective: 0,
      target: 0.999,
      window: { kind: 'rolling', days: 30 },
      units: 51_200,
      badEvents: 51.2,
      share: 0.0512,
      outageSeconds: 132.7104,
    },
    {
      sloId: 'slo_1',
      sloName: 'Availability',
      objective: 1,
      target: 0.9995,
      window: { kind: 'rolling', days: 365 },
      units: 51_200,
      badEvents: 51.2,
      share: 0.0084,
      outageSeconds: 132.4512,
    },
    {
      sloId: 'slo_2',
      sloName: 'Latency',
      objective: 0,
      target: 0.99,
      window: { kind: 'calendar', unit: 'week', zone: 'UTC' },
      units: 1000,
      badEvents: 1,
      share: 0.5,
      outageSeconds: 3024,
    },
  ],
  alerts: [
    {
      summary: 'Checkout: Availability burns its error budget too fast',
      ruleName: 'page',
      sloName: 'Availability',
      severity: 'critical',
      firedAt: at(120),
      acknowledgedAt: at(180),
      resolvedAt: at(900),
      silenced: false,
      firedEvidence: {
        kind: 'burn_rate',
        frozen: false,
        measuredUntil: at(120),
        sloId: 'slo_1',
        sloVersion: 1,
        target: 0.999,
        at: at(120),
        budgetRemaining: 0.8,
        pairs: [
          {
            longSeconds: 3600,
            shortSeconds: 300,
            factor: 14.4,
            long: window(3600, 30),
            short: window(300, 90),
            verdict: 'true',
          },
        ],
      },
    },
  ],
  policyName: 'Default',
  pages: [
    {
      step: 0,
      round: 0,
      createdAt: at(120),
      deliveries: [
        { at: at(121), succeeded: false, error: 'status 500' },
        { at: at(126), succeeded: true, error: null },
      ],
    },
  ],
  checks: [{ name: 'Front page', enabled: true, runs: { total: 30, failed: 0, firstFailedAt: null } }],
  timeline: [
    entry('tev_1', 'alert_fired', 120, 'fired'),
    entry('tev_0', 'change', -240, 'Deploy of checkout 1.4.0 in production', { actorName: 'Ada Lovelace' }),
    entry('tev_2', 'note', 300, 'The last deploy was at 02:55', { actorName: 'Ada Lovelace' }),
    entry('tev_3', 'mitigation', 580, 'Rolled back the deploy', { actorName: 'Ada Lovelace' }),
  ],
}

describe('a draft from full evidence', () => {
  const draft = draftReview(full)

  test('fits the contract and holds all five sections', () => {
    expect(reviewSections.parse(draft.sections)).toEqual(draft.sections)
    for (const section of Object.values(draft.sections)) expect(section.narrative).not.toBe('')
  })

  test('says what happened and what it cost', () => {
    expect(draft.title).toBe('#7 Checkout: Availability burns its error budget')
    expect(draft.summary).toBe(
      'Checkout had a SEV 1 incident. It began at 2 Jan 2026, 03:00:00 UTC and lasted 15 min. ' +
        'One alert fired: Checkout: Availability burns its error budget too fast.',
    )
    expect(draft.impact.split('\n').slice(1, 4)).toEqual([
      'It spent 5.12 % of the error budget of Availability over 30 days (51 bad events), as much as 2 min 13 s of full outage.',
      'Of the budget of Availability for 99.95 % over 365 days it spent 0.84 %, as much as 2 min 12 s of full outage.',
      'It spent 50 % of the error budget of Latency over calendar week (UTC) (1 bad event), as much as 50 min 24 s of full outage.',
    ])
    expect(draft.impact).toContain('30 of 1,000 events over 1 h were bad (3 %)')
  })

  test('computes the response times and tells them in order', () => {
    expect(draft.sections.detection.times).toEqual({
      impactAt: at(0),
      detectedAt: at(120),
      pagedAt: at(126),
      acknowledgedAt: at(180),
      mitigatedAt: at(600),
      resolvedAt: at(900),
    })
    expect(draft.sections.detection.narrative.split('\n')).toEqual([
      'Impact began at 2 Jan 2026, 03:00:00 UTC.',
      'Detected at 2 Jan 2026, 03:02:00 UTC, 2 min later.',
      'Page delivered at 2 Jan 2026, 03:02:06 UTC, 6 s later.',
      'Acknowledged at 2 Jan 2026, 03:03:00 UTC, 54 s later.',
      'Mitigated at 2 Jan 2026, 03:10:00 UTC, 7 min later.',
      'Resolved at 2 Jan 2026, 03:15:00 UTC, 5 min later.',
    ])
  })

  test('asks every defence what it saw', () => {
    expect(draft.sections.defences.items.map((d) => [d.name, d.outcome, d.whatItSaw])).toEqual([
      [
        'SLO Availability, rule page',
        'worked',
        'It fired at 2 Jan 2026, 03:02:00 UTC, 2 min after impact began. It saw a burn of 30x over 1 h and 90x over 5 min; its limit is 14.4x.',
      ],
      ['Check Front page', 'present_not_triggered', 'It saw nothing: 0 of 30 runs failed.'],
      [
        'Runbook',
        'present_not_triggered',
        'https://runbooks.test/checkout was linked in every page. Whether it helped is not recorded.',
      ],
      [
        'Escalation policy Default',
        'worked',
        '1 page made, 1 delivered; 1 attempt to deliver failed; a responder acknowledged 54 s after the first delivery.',
      ],
    ])
    expect(draft.sections.defences.items[0]?.evidence).toEqual(['tev_1'])
  })

  test('takes restoring actions from the timeline and questions from the gaps', () => {
    expect(draft.sections.restoration.items).toEqual([
      { id: 'restoring-1', description: 'Rolled back the deploy', effect: 'unknown', at: at(580), evidence: ['tev_3'] },
    ])
    expect(draft.sections.prevention.narrative).toBe(
      '- Check Front page stayed quiet: what would it have to look at to see this?',
    )
  })

  test('lists the changes around the beginning', () => {
    expect(draft.sections.factors.narrative).toContain(
      'Recorded at 2 Jan 2026, 02:56:00 UTC, 4 min before: Deploy of checkout 1.4.0 in production.',
    )
  })

  test('names no person and no root cause, and asks how and what', () => {
    const text = JSON.stringify(draft)
    expect(text).not.toMatch(/Ada|Lovelace/)
    expect(text).not.toMatch(/root cause|human error|should have|failed to|\bwho (did|made|caused)\b|\bwhy did/i)
    expect(draft.sections.factors.narrative).toContain(
      'Noted by a responder at 2 Jan 2026, 03:05:00 UTC: The last deploy',
    )
  })
})

describe('a draft from little evidence', () => {
  const bare: ReviewEvidence = {
    ...full,
    incident: { ...full.incident, acknowledgedAt: null, mitigatedAt: null },
    service: { name: 'Checkout', runbookUrl: null },
    impactAt: null,
    budgets: [],
    alerts: [],
    policyName: null,
    pages: [],
    checks: [],
    timeline: [],
  }
  const draft = draftReview(bare)

  test('names what is missing', () => {
    expect(draft.sections.detection.narrative).toContain('The first bad minute is not known.')
    expect(draft.sections.detection.narrative).toContain('Nobody acknowledged.')
    expect(draft.sections.defences.items.map((d) => d.outcome)).toEqual(['absent', 'absent', 'absent'])
    expect(draft.sections.prevention.narrative.split('\n')).toHaveLength(4)
    expect(draft.impact).toBe('No measurement of the impact was recorded.')
  })

  test.each([
    ['delivered to nobody', [{ step: 0, round: 0, createdAt: at(1), deliveries: [] }], 'present_not_triggered'],
    [
      'delivered and not acknowledged',
      [{ step: 0, round: 0, createdAt: at(1), deliveries: [{ at: at(2), succeeded: true, error: null }] }],
      'triggered_ignored',
    ],
  ])('a page %s', (_name, pages, outcome) => {
    const { items } = draftReview({ ...bare, policyName: 'Default', pages }).sections.defences
    expect(items.at(-1)?.outcome).toBe(outcome)
  })
})

describe('publishing', () => {
  const draft = draftReview(full)
  const factor = {
    id: 'f1',
    description: 'A deploy changed the pool size',
    classes: [],
    role: 'trigger' as const,
    evidence: [],
  }

  test('a fresh draft lacks only the factors', () => {
    expect(publishProblems({ ...draft, actions: [] }).map((p) => p.path)).toEqual(['sections/factors/items'])
  })

  test('with a factor it can be published', () => {
    const sections = { ...draft.sections, factors: { narrative: '', items: [factor] } }
    expect(publishProblems({ ...draft, sections, actions: [] })).toEqual([])
  })

  test('every empty section is named', () => {
    const sections = {
      factors: { narrative: 'x', items: [{ ...factor, description: ' ' }] },
      defences: { narrative: ' ', items: [] },
      restoration: { narrative: '', items: [] },
      prevention: { narrative: '' },
      detection: { ...draft.sections.detection, narrative: '' },
    }
    const problems = publishProblems({ summary: '', impact: '', sections, actions: [] })
    expect(problems.map((p) => p.path)).toEqual([
      'summary',
      'impact',
      'sections/factors/items/0/description',
      'sections/defences',
      'sections/restoration',
      'sections/prevention',
      'sections/detection/narrative',
    ])
    expect(publishProblems({ summary: '', impact: '', sections, actions: [{}] })).toHaveLength(problems.length - 1)
  })
})
