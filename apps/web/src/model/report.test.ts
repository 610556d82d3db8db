import { getSloReport, type ReportedObjective, type SloReport } from '@nines/contracts'
import { expect, test } from 'vitest'
import { neighbour, reportQuery, reportSearch } from './report-search.ts'
import { boundsText, formatPoints, incidentsText, rowNotes } from './report-text.ts'

test('the URL says what the API is asked for, and what it cannot say is dropped', () => {
  expect(reportQuery(reportSearch.parse({}))).toMatchObject({ period: 'month', zone: 'UTC' })
  const odd = reportSearch.parse({ period: 'decade', date: '2026-02-31', team: 7, asOf: 'yesterday' })
  expect(odd).toEqual({ team: '7' })
  const custom = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', period: 'week' }
  const query = reportQuery(reportSearch.parse(custom))
  expect(query).toMatchObject({ from: custom.from, to: custom.to })
  expect(query.period).toBeUndefined()
  expect(getSloReport.query?.safeParse(query).success).toBe(true)
})

test('the periods beside one, by the clocks of its zone', () => {
  const at = (text: string) => Date.parse(text)
  const period = {
    unit: 'month' as const,
    zone: 'Pacific/Kiritimati',
    from: at('2026-02-28T10:00:00Z'),
    to: at('2026-03-31T10:00:00Z'),
  }
  const report = { period, previousPeriod: { from: at('2026-01-31T10:00:00Z'), to: period.from } } as SloReport
  expect(neighbour(report, 'before')).toEqual({ period: 'month', date: '2026-02-01' })
  expect(neighbour(report, 'after')).toEqual({ period: 'month', date: '2026-04-01' })
  expect(boundsText(period, period.zone)).toMatch(/^1 Mar 2026, 00:00 – 1 Apr 2026, 00:00 GMT\+14$/)
})

test.each([
  [null, '–'],
  [0, '±0 pp'],
  [0.00012, '+0.0120 pp'],
  [-0.0123, '−1.23 pp'],
  [-0.25, '−25.0 pp'],
  [1e-9, '< +0.0001 pp'],
  [-1e-9, '> −0.0001 pp'],
])('%d is %s', (change, text) => {
  expect(formatPoints(change)).toBe(text)
})

test('incidents in words', () => {
  const none = { count: 0, acknowledged: 0, resolved: 0, medianAcknowledgeSeconds: null, medianResolveSeconds: null }
  expect(incidentsText(none)).toBe('0 incidents')
  expect(incidentsText({ ...none, count: 1, medianAcknowledgeSeconds: 150, medianResolveSeconds: 3600 })).toBe(
    '1 incident, acknowledged in 2 min 30 s, resolved in 1 h',
  )
})

test('a row says what it was made of, which targets it had and what was corrected', () => {
  const version = (number: number, target: number) => ({ version: number, target })
  const plain = { composite: null, versions: [version(1, 0.9)], corrected: { excludedMinutes: 0, goodMinutes: 0 } }
  expect(rowNotes(plain as ReportedObjective)).toEqual([])
  const made = {
    composite: { combine: 'worst_of', members: [{}, {}, {}] },
    versions: [version(1, 0.9), version(2, 0.99)],
    corrected: { excludedMinutes: 90, goodMinutes: 5 },
  }
  expect(rowNotes(made as ReportedObjective)).toEqual([
    'worst of 3 SLOs',
    'v1: 90 %, v2: 99 %',
    '1 h 30 min excluded',
    '5 min counted as good',
  ])
})
