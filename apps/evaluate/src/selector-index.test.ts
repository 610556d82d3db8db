import type { LabelMatcher, SeriesDefinition, SeriesSelector } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ratioSlo } from './ratio-slo.fixture.ts'
import { SelectorIndex } from './selector-index.ts'
import { SloTracker } from './slo-tracker.ts'

const NOW = Date.UTC(2026, 10, 27)

const trackerOf = (id: string, good: SeriesSelector, total: SeriesSelector) =>
  new SloTracker(ratioSlo(id, NOW, good, total), NOW)

const seriesOf = (metric: string, labels: Record<string, string>): SeriesDefinition => ({
  id: '1',
  metric,
  kind: 'sum',
  temporality: 'cumulative',
  monotonic: true,
  unit: '',
  description: '',
  labels,
})

test('whatever the selectors, no SLO that a series belongs to is left out', () => {
  const label = fc.constantFrom('service', 'status', 'constructor')
  const value = fc.constantFrom('', 'a', 'b')
  const matcher: fc.Arbitrary<LabelMatcher> = fc.record({
    label,
    op: fc.constantFrom('=', '!=', '=~', '!~'),
    value,
  })
  const metric = fc.constantFrom('m1', 'm2')
  const selector = fc.record({ metric, matchers: fc.array(matcher, { maxLength: 3 }) })
  const labels = fc.dictionary(label, value, { maxKeys: 3 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(selector, selector), { maxLength: 12 }),
      fc.array(fc.tuple(metric, labels), { minLength: 1, maxLength: 10 }),
      fc.nat(),
      (slos, series, gone) => {
        const index = new SelectorIndex()
        const trackers = slos.map(([good, total], i) => trackerOf(`slo-${i}`, good, total))
        for (const tracker of trackers) index.add(tracker)
        const removed = trackers.splice(gone % (trackers.length + 1), 1)
        for (const tracker of removed) index.remove(tracker)
        for (const [name, own] of series) {
          const definition = seriesOf(name, own)
          const found = index.candidates(definition)
          const belongs = trackers.filter((tracker) => tracker.reduce(definition) !== null)
          expect(belongs.filter((tracker) => !found.has(tracker))).toEqual([])
          for (const tracker of removed) expect(found.has(tracker)).toBe(false)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('thousands of SLOs over one metric are told apart by the label that differs, wherever it stands', () => {
  const index = new SelectorIndex()
  const equals = (label: string, value: string): LabelMatcher => ({ label, op: '=', value })
  for (let i = 0; i < 2_000; i++) {
    const own = equals('service', `s${i}`)
    const selector = { metric: 'requests', matchers: [equals('status', '200'), own] }
    index.add(trackerOf(`slo-${i}`, selector, { metric: 'requests', matchers: [own] }))
  }
  const found = index.candidates(seriesOf('requests', { service: 's7', status: '200' }))
  expect([...found].map(({ definition }) => definition.id)).toContain('slo-7')
  // One may stand where the first of all was put for want of a difference.
  expect(found.size).toBeLessThanOrEqual(2)
  expect(index.candidates(seriesOf('other', { service: 's7' })).size).toBe(0)
})
