import {
  liveEvent,
  type AlertDto,
  type BurnRateEvidence,
  type PairVerdict,
  type CheckRun,
  type ServiceHealth,
} from '@nines/contracts'
import { describe, expect, test } from 'vitest'
import { orderAlerts } from './alert-order.ts'
import { budgetShareOf, burnFill, describeAlert, describeBurn, explainEvidence, formatChance } from './evidence.ts'
import { isStaleAfter } from './live-routes.ts'
import { durationPercentile, runPoints } from './run-phases.ts'
import { groupByTier } from './service-tiers.ts'
import { initials, startOfDay, stripBlocks, stripDays } from './shift-strip.ts'

const alert = (id: string, state: AlertDto['state'], severity: AlertDto['severity'], startedAt: string) =>
  ({ id, state, severity, startedAt }) as AlertDto

test('what needs a person comes first, and the input stays as it was', () => {
  const given = [
    alert('resolved', 'resolved', 'critical', '2026-01-05T00:00:00Z'),
    alert('acked', 'acknowledged', 'critical', '2026-01-04T00:00:00Z'),
    alert('old', 'firing', 'critical', '2026-01-01T00:00:00Z'),
    alert('warning', 'firing', 'warning', '2026-01-03T00:00:00Z'),
    alert('new', 'firing', 'critical', '2026-01-02T00:00:00Z'),
  ]
  const before = given.map(({ id }) => id)
  expect(orderAlerts(given).map(({ id }) => id)).toEqual(['new', 'old', 'warning', 'acked', 'resolved'])
  expect(given.map(({ id }) => id)).toEqual(before)
})

test('services stand by tier, the ones in trouble first', () => {
  const health = (name: string, tier: number, state: ServiceHealth['state'], openAlerts = 0) =>
    ({ service: { name, tier }, state, openAlerts }) as ServiceHealth
  const tiers = groupByTier([
    health('b', 2, 'good'),
    health('z', 1, 'good'),
    health('a', 2, 'bad'),
    health('y', 1, 'good', 1),
  ])
  expect(tiers.map(({ tier, services }) => [tier, services.map(({ service }) => service.name)])).toEqual([
    [1, ['y', 'z']],
    [2, ['a', 'b']],
  ])
})

describe('evidence', () => {
  const pair = (verdict: PairVerdict, long: number | null, short: number | null) => ({
    longSeconds: 3600,
    shortSeconds: 300,
    factor: 14.4,
    verdict,
    long: { windowSeconds: 3600, good: 1, total: 2, burnRate: long },
    short: { windowSeconds: 300, good: 1, total: 2, burnRate: short },
  })
  const evidence = (pairs: BurnRateEvidence['pairs']) => ({ pairs }) as BurnRateEvidence

  test('is told by the pair that was true', () => {
    expect(explainEvidence(evidence([pair('false', 1, 1), pair('true', 22.25, 63.8)]))).toBe(
      'The error budget burned 22.3× over 1 h and 63.8× over 5 min; both reach the threshold of 14.4×.',
    )
  })
  test('says so when nothing is measured, or nothing is over', () => {
    expect(explainEvidence(evidence([pair('no_data', null, null)]))).toMatch(/No events/)
    expect(explainEvidence(evidence([pair('false', 1, 20)]))).toMatch(/No pair/)
  })

  test('says what holds a burn back, and what a rule of all its pairs misses', () => {
    const guards = { match: 'any' as const, minBadEvents: 3, significance: 1e-5, clearBelow: 0.9 }
    const one = { ...pair('holding', 100, 500), chance: 0.00995 }
    expect(explainEvidence({ ...evidence([one]), guards })).toBe(
      'Both burns reach 14.4×, from 1 bad event: the rule takes 3.',
    )
    expect(explainEvidence({ ...evidence([one]), guards: { ...guards, minBadEvents: 1 } })).toMatch(
      /come by chance 1 in 100 while/,
    )
    expect(explainEvidence({ ...evidence([pair('holding', 14, 500)]), guards })).toMatch(/not yet below 12.96×/)
    const all = evidence([pair('true', 20, 20), pair('false', 1, 1)])
    expect(explainEvidence({ ...all, guards: { ...guards, match: 'all' } })).toMatch(/^1 of 2 pairs/)
  })
  test('says that silence and a short history decide nothing', () => {
    expect(explainEvidence({ ...evidence([pair('true', 20, 20)]), frozen: true })).toMatch(/what is open stays open/)
    expect(explainEvidence(evidence([pair('young', null, null)]))).toMatch(/^History does not cover/)
  })
  test('chances in words', () => {
    expect([0.62, 0.00995, 4.476e-5, 1e-5, 1e-12, null].map(formatChance)).toEqual([
      '62 %',
      '1 in 100',
      '1 in 22,000',
      '1 in 100,000',
      '< 1 in 10⁹',
      '–',
    ])
  })
  test('a pair stands for a share of the budget', () => {
    expect(budgetShareOf({ longSeconds: 3600, shortSeconds: 300, factor: 14.4 }, 30)).toBeCloseTo(0.02, 12)
  })
  test('an alert about silence is told by what it saw', () => {
    const summary = 'Checkout: Availability is not measured: nothing arrived for 15 min'
    expect(describeAlert({ kind: 'absence', burn: null, summary })).toBe('Not measured: nothing arrived for 15 min')
    expect(describeAlert({ kind: 'burn_rate', burn: null, summary: '' })).toBe('Burns its error budget too fast')
  })

  test('one line of figures for lists', () => {
    const windows = { longSeconds: 3600, shortSeconds: 300, factor: 14.4 }
    expect(describeBurn({ ...windows, longBurn: 25.34, shortBurn: 100.4, budgetRemaining: 0.8213 })).toBe(
      'Burn 25.3× over 1\u00a0h, 100× over 5\u00a0min, limit 14.4× · 82.1\u00a0% of the budget left',
    )
    expect(describeBurn({ ...windows, longBurn: 20, shortBurn: null, budgetRemaining: null })).toBe(
      'Burn 20.0× over 1\u00a0h, – over 5\u00a0min, limit 14.4×',
    )
    expect(describeBurn(null)).toBe('Burns its error budget too fast')
  })
  test('a bar reaches its tick at the factor', () => {
    expect(burnFill(14.4, 14.4)).toBeCloseTo(2 / 3)
    expect([burnFill(null, 6), burnFill(1000, 6), burnFill(-1, 6)]).toEqual([0, 1, 0])
  })
})

describe('live events', () => {
  test('every type of event makes some query stale', () => {
    for (const type of liveEvent.shape.type.options) {
      const routes = [
        'getOverview',
        'getSloBackfill',
        'listBudgetEvents',
        'listChecks',
        'getAlert',
        'getReview',
        'getIncident',
      ]
      expect(routes.some((route) => isStaleAfter([type], route))).toBe(true)
    }
  })
  test('a check run does not reload the SLOs; changed settings reload everything', () => {
    expect(isStaleAfter(['check.run'], 'listSlos')).toBe(false)
    expect(isStaleAfter(['check.run', 'slo.status'], 'listSlos')).toBe(true)
    expect(isStaleAfter(['settings.changed'], 'anything')).toBe(true)
  })
})

describe('check runs', () => {
  const run = (startedAt: number, ok: boolean, durationMs: number) =>
    ({
      startedAt,
      ok,
      durationMs,
      location: 'eu',
      phases: { dnsMs: 1, connectMs: null, tlsMs: 2, firstByteMs: 3, transferMs: 4 },
    }) as CheckRun

  test('points run from old to new; a failed run is one bar no higher than the chart', () => {
    const points = runPoints([run(3, true, 100), run(2, false, 10_000), run(1, true, 50)], 2)
    expect(points.map(({ at }) => at)).toEqual([2, 3])
    expect(points[0]).toMatchObject({ ok: false, dns: 0, total: 10_000 })
    expect(points[0]?.failed).toBeCloseTo(110)
    expect(points[1]).toMatchObject({ dns: 1, connect: 0, tls: 2, failed: 0 })
  })
  test('a chart of nothing but failures still has a height', () => {
    expect(runPoints([run(1, false, 10)], 10)[0]?.failed).toBe(1)
  })
  test('percentiles are of passed runs, by nearest rank', () => {
    const runs = [10, 20, 30, 40].map((ms, index) => run(index, true, ms))
    expect(durationPercentile([...runs, run(9, false, 9_999)], 0.5)).toBe(20)
    expect(durationPercentile(runs, 0.95)).toBe(40)
    expect(durationPercentile([run(1, false, 5)], 0.5)).toBeNull()
  })
})

describe('the strip of shifts', () => {
  test('a day across a change of clocks is as wide as it is long', () => {
    const days = stripDays(Date.UTC(2026, 9, 24, 12), 3, 'Europe/Berlin')
    expect(days.map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-10-23T22:00:00.000Z',
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ])
    expect((days[1]?.width ?? 0) / (days[0]?.width ?? 1)).toBeCloseTo(25 / 24)
    expect(days.reduce((sum, day) => sum + day.width, 0)).toBeCloseTo(1)
    expect(days.map(({ weekend }) => weekend)).toEqual([true, true, false])
  })
  test('a day starts at midnight of its zone', () => {
    expect(startOfDay(Date.UTC(2026, 0, 1, 3), 'America/New_York')).toBe(Date.UTC(2025, 11, 31, 5))
  })
  test('shifts are cut to the strip', () => {
    const shifts = [
      { startsAt: -50, endsAt: 25 },
      { startsAt: 25, endsAt: 200 },
      { startsAt: 200, endsAt: 300 },
    ]
    expect(stripBlocks(shifts, 0, 100).map(({ left, width }) => [left, width])).toEqual([
      [0, 0.25],
      [0.25, 0.75],
    ])
  })
  test.each([
    ['Ada Lovelace', 'AL'],
    ['Prince', 'P'],
    ['Anna Maria de Souza', 'AS'],
    ['', ''],
  ])('%s is %s', (name, letters) => {
    expect(initials(name)).toBe(letters)
  })
})
