import type { SeriesDefinition, MeasuredSli } from '@nines/contracts'
import { expect, test } from 'vitest'
import { compileSli, selectorsOf, seriesProblem } from './sli-reduction.ts'
import { pointFromCheckRun } from './slices-from-check-runs.ts'
import { pointFromHistogram } from './slices-from-histograms.ts'

const series = (change: Partial<SeriesDefinition>): SeriesDefinition => ({
  id: '1',
  metric: 'requests',
  kind: 'sum',
  temporality: 'cumulative',
  monotonic: true,
  unit: '1',
  description: '',
  labels: {},
  ...change,
})
const failed = { metric: 'requests', matchers: [{ label: 'status', op: '=~' as const, value: '5..' }] }
const all = { metric: 'requests', matchers: [] }
const byBad: MeasuredSli = { kind: 'ratio', bad: failed, total: all }
const latency: MeasuredSli = { kind: 'latency', histogram: { metric: 'duration', matchers: [] }, threshold: 0.25 }

const level: MeasuredSli = { kind: 'gauge', gauge: all, op: '<=', threshold: 5 }

test('one metric split by status: failed requests count in the total and not as good', () => {
  const reduce = compileSli(byBad)
  expect(reduce(series({ labels: { status: '200' } }))?.weigh([7], null)).toEqual({ good: 7, total: 7 })
  expect(reduce(series({ labels: { status: '503' } }))?.weigh([7], null)).toEqual({ good: 0, total: 7 })
  expect(reduce(series({ metric: 'errors' }))).toBeNull()
})

test('separate metrics: the bad ones are taken off the good ones', () => {
  const reduce = compileSli({ kind: 'ratio', bad: { metric: 'errors', matchers: [] }, total: all })
  expect(reduce(series({ metric: 'errors' }))?.weigh([2], null)).toEqual({ good: -2, total: 0 })
})

test('good given: a series of both selectors counts in both', () => {
  const reduce = compileSli({ kind: 'ratio', good: failed, total: all })
  expect(reduce(series({ labels: { status: '500' } }))?.weigh([3], null)).toEqual({ good: 3, total: 3 })
  expect(reduce(series({ labels: { status: '200' } }))?.weigh([3], null)).toEqual({ good: 0, total: 3 })
})

test('observations of a histogram are events of a ratio, whatever bucket they lie in', () => {
  const reduce = compileSli(byBad)
  const weigh = (status: string) =>
    reduce(series({ kind: 'histogram', labels: { status } }))?.weigh([1, 2, 4], [0.1, 0.25])
  expect(weigh('200')).toEqual({ good: 7, total: 7 })
  expect(weigh('500')).toEqual({ good: 0, total: 7 })
  expect(reduce(series({ kind: 'histogram' }))?.weights).toBeUndefined()
})

test('buckets up to the threshold are good, the one that straddles it is not', () => {
  const reduce = compileSli(latency)
  const histogram = series({ metric: 'duration', kind: 'histogram' })
  const weigh = (bounds: number[], bucketCounts: number[]) => {
    const { counts, bounds: found } = pointFromHistogram({ at: 0, start: 0, bounds, bucketCounts })!
    return reduce(histogram)?.weigh(counts, found)
  }
  expect(weigh([0.1, 0.25, 0.5], [1, 2, 4, 8])).toEqual({ good: 3, total: 15 })
  expect(weigh([0.1, 0.5], [1, 2, 4])).toEqual({ good: 1, total: 7 })
  expect(weigh([], [9])).toEqual({ good: 0, total: 9 })
})

test.each<[MeasuredSli, Partial<SeriesDefinition>, RegExp | null]>([
  [byBad, {}, null],
  [byBad, { kind: 'gauge', temporality: 'unspecified' }, /requests is a gauge/],
  [byBad, { monotonic: false }, /may also fall/],
  [byBad, { kind: 'histogram' }, null],
  [byBad, { kind: 'histogram', temporality: 'unspecified' }, /totals or increments/],
  [byBad, { kind: 'exponential_histogram' }, /requests is an exponential histogram/],
  [latency, { kind: 'sum' }, /needs a histogram/],
  [latency, { kind: 'histogram', temporality: 'unspecified' }, /totals or increments/],
  [latency, { kind: 'exponential_histogram' }, null],
  [level, { kind: 'gauge', temporality: 'unspecified', monotonic: false }, null],
  [level, { monotonic: false }, null],
  [level, {}, /requests is a counter; a gauge SLI needs/],
  [level, { monotonic: false, temporality: 'delta' }, /a sum of increments/],
  [level, { kind: 'histogram' }, /a histogram/],
])('%j on %j', (sli, change, problem) => {
  const found = seriesProblem(sli, series(change))
  if (problem) expect(found).toMatch(problem)
  else expect(found).toBeNull()
  if (problem) expect(compileSli(sli)(series(change))).toBeNull()
})

test.each([
  ['<=', [4, 5, 6], [1, 1, 0]],
  ['<', [4, 5, 6], [1, 0, 0]],
  ['>=', [4, 5, 6], [0, 1, 1]],
  ['>', [4, 5, 6], [0, 0, 1]],
] as const)('a sample of a gauge is good when it is %s the threshold, whatever came before', (op, values, good) => {
  const reduction = compileSli({ ...level, op })(series({ kind: 'gauge', temporality: 'unspecified' }))
  expect(values.map((value) => reduction?.weigh([value], null))).toEqual(good.map((one) => ({ good: one, total: 1 })))
  expect(reduction?.temporality).toBe('delta')
})

test('selectors of each kind', () => {
  expect(selectorsOf(level)).toEqual([all])
  expect(selectorsOf(byBad)).toEqual([failed, all])
  expect(selectorsOf(latency)).toEqual([{ metric: 'duration', matchers: [] }])
  expect(selectorsOf({ kind: 'availability', checkId: 'chk_1' })).toEqual([])
})

test('check runs: one event each', () => {
  expect(pointFromCheckRun({ scheduledAt: 5, ok: true }).counts).toEqual([1, 0])
  expect(pointFromCheckRun({ scheduledAt: 5, ok: false }).counts).toEqual([0, 1])
})
