import { describe, expect, test } from 'vitest'
import { incidentTimes } from './incident-times.ts'
import { minutesIn, periodAt, periodBefore, periodOfDay, reportedUntil } from './report-period.ts'
import { versionsInForce, type ReportVersion } from './versions-in-force.ts'

const iso = (at: number) => new Date(at).toISOString().slice(0, 16)

describe('periods of the calendar', () => {
  test.each([
    ['month', 'Europe/Berlin', '2026-03-31', '2026-02-28T23:00', '2026-03-31T22:00', 'March 2026', 743 * 60],
    ['month', 'Europe/Berlin', '2026-10-01', '2026-09-30T22:00', '2026-10-31T23:00', 'October 2026', 745 * 60],
    ['day', 'America/New_York', '2026-03-08', '2026-03-08T05:00', '2026-03-09T04:00', '2026-03-08', 23 * 60],
    ['day', 'Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30', '2026-10-04T13:00', '2026-10-04', 23.5 * 60],
    ['week', 'UTC', '2026-01-01', '2025-12-29T00:00', '2026-01-05T00:00', '2026-W01', 7 * 1440],
    ['week', 'UTC', '2027-01-03', '2026-12-28T00:00', '2027-01-04T00:00', '2026-W53', 7 * 1440],
    ['quarter', 'Asia/Kathmandu', '2026-05-01', '2026-03-31T18:15', '2026-06-30T18:15', 'Q2 2026', 91 * 1440],
    ['year', 'Pacific/Kiritimati', '2028-06-01', '2027-12-31T10:00', '2028-12-31T10:00', '2028', 366 * 1440],
    // The day 30 December 2011 never came in Samoa.
    ['month', 'Pacific/Apia', '2011-12-01', '2011-12-01T10:00', '2011-12-31T10:00', 'December 2011', 30 * 1440],
  ] as const)('the %s of %s that holds %s', (unit, zone, day, from, to, label, minutes) => {
    const period = periodOfDay(unit, zone, day)
    expect([iso(period.from), iso(period.to), period.label]).toEqual([from, to, label])
    expect(minutesIn(period)).toBe(minutes)
    expect(periodAt(unit, zone, period.to - 1)).toEqual(period)
    expect(periodBefore(unit, zone, period).to).toBe(period.from)
  })

  test('the days of a year lie side by side in zones with odd clocks', { timeout: 60_000 }, () => {
    for (const zone of [
      'Europe/Berlin',
      'America/Santiago',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Beirut',
    ]) {
      let day = periodAt('day', zone, Date.UTC(2025, 0, 1, 12))
      const last = Date.UTC(2026, 0, 1, 12)
      for (let count = 0; day.to < last; count++) {
        expect(count).toBeLessThan(370)
        const next = periodAt('day', zone, day.to)
        expect(next.from).toBe(day.to)
        expect(periodBefore('day', zone, next)).toEqual(day)
        expect(periodOfDay('day', zone, next.label)).toEqual(next)
        day = next
      }
    }
  })
})

test('figures end where minutes have settled, and no later than the period', () => {
  const period = { from: 0, to: 600_000 }
  expect(reportedUntil(period, 700_000)).toBe(600_000)
  expect(reportedUntil(period, 155_000)).toBe(120_000)
  expect(reportedUntil(period, 154_999)).toBe(60_000)
})

describe('versions in force', () => {
  const M = 60_000
  const version = (number: number, createdAt: number): ReportVersion => ({
    version: number,
    createdAt,
    sli: { kind: 'availability', checkId: 'c' },
    target: 0.9,
    window: { kind: 'rolling', days: 30 },
    furtherObjectives: [],
  })
  const shown = (...args: Parameters<typeof versionsInForce>) =>
    versionsInForce(...args).map(({ version: { version: number }, from, to }) => [number, from / M, to / M])
  const all = [version(3, 20 * M), version(1, 5.5 * M), version(2, 12.9 * M)]

  test('from the minute in which each was made, the first one also before', () => {
    expect(shown(all, { from: 0, to: 30 * M }, null)).toEqual([
      [1, 0, 12],
      [2, 12, 20],
      [3, 20, 30],
    ])
    expect(shown(all, { from: 13 * M, to: 20 * M }, null)).toEqual([[2, 13, 20]])
    expect(shown(all, { from: 25 * M, to: 30 * M }, null)).toEqual([[3, 25, 30]])
  })
  test('two in one minute: the later one', () => {
    expect(shown([version(1, 0), version(2, 3.1 * M), version(3, 3.9 * M)], { from: 0, to: 9 * M }, null)).toEqual([
      [1, 0, 3],
      [3, 3, 9],
    ])
  })
  test('none after the SLO was archived, and none of none', () => {
    expect(shown(all, { from: 0, to: 30 * M }, 15.2 * M)).toEqual([
      [1, 0, 12],
      [2, 12, 15],
    ])
    expect(shown([], { from: 0, to: 9 }, null)).toEqual([])
  })
})

test('times of incidents are medians of those that got there', () => {
  const incident = (openedAt: number, acknowledged: number | null, resolved: number | null) => ({
    openedAt,
    acknowledgedAt: acknowledged === null ? null : openedAt + acknowledged * 1000,
    resolvedAt: resolved === null ? null : openedAt + resolved * 1000,
  })
  expect(incidentTimes([])).toEqual({
    count: 0,
    acknowledged: 0,
    resolved: 0,
    medianAcknowledgeSeconds: null,
    medianResolveSeconds: null,
  })
  const some = [incident(5, 60, 600), incident(9, 20, null), incident(50, null, 1000), incident(70, 1000, 100)]
  expect(incidentTimes(some)).toEqual({
    count: 4,
    acknowledged: 3,
    resolved: 3,
    medianAcknowledgeSeconds: 60,
    medianResolveSeconds: 600,
  })
  expect(incidentTimes(some.slice(0, 2))).toMatchObject({ medianAcknowledgeSeconds: 40, medianResolveSeconds: 600 })
})
