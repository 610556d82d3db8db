import type { SeriesDefinition } from '@nines/contracts'
import { emptyBlock, type Block } from '@nines/wire'
import { expect, test } from 'vitest'
import { ratioSlo } from './ratio-slo.fixture.ts'
import { SeriesRouter } from './series-router.ts'
import { SloTracker } from './slo-tracker.ts'

const NOW = Date.UTC(2026, 7, 1, 12)

const trackerOf = (metric: string) => new SloTracker(ratioSlo(`slo_${metric}`, NOW, { metric, matchers: [] }), NOW)

const series = (id: string, metric: string): SeriesDefinition => ({
  id,
  metric,
  kind: 'sum',
  temporality: 'delta',
  monotonic: true,
  unit: '',
  description: '',
  labels: {},
})
function blockOf(rows: [id: bigint, at: number, value: number][], definitions: SeriesDefinition[] = []): Block {
  return {
    ...emptyBlock(1, NOW),
    series: definitions,
    samples: {
      series: BigUint64Array.from(rows, ([id]) => id),
      at: Float64Array.from(rows, ([, at]) => at),
      start: new Float64Array(rows.length),
      value: Float64Array.from(rows, ([, , value]) => value),
    },
  }
}
const totalOf = (tracker: SloTracker) => {
  tracker.accumulator.refresh()
  return tracker.accumulator.minutes.sum(NOW - 3_600_000, NOW + 3_600_000).total
}

test('rows go to the SLOs that their series belongs to, whenever the series becomes known', () => {
  const router = new SeriesRouter()
  const [mine, other] = [trackerOf('mine'), trackerOf('other')]
  router.addTracker(mine)
  router.addTracker(other)
  router.take(blockOf([[1n, NOW, 5]], [series('1', 'mine')]), NOW)
  router.take(
    blockOf([
      [1n, NOW + 1, 6],
      [2n, NOW, 100],
      [2n, NOW + 1, 50],
      [3n, NOW, 9],
    ]),
    NOW,
  )
  expect([totalOf(mine), totalOf(other)]).toEqual([11, 0])
  expect(router.unresolved(NOW)).toEqual(['2', '3'])
  router.define(series('2', 'other'))
  router.define(series('3', 'nobody'))
  expect([totalOf(mine), totalOf(other)]).toEqual([11, 150])
  expect(router.unresolved(NOW)).toEqual([])
})

test('a tracker that comes later is connected to known series and sees old blocks alone', () => {
  const router = new SeriesRouter()
  const [first, second] = [trackerOf('mine'), trackerOf('mine')]
  const old = blockOf([[1n, NOW, 5]], [series('1', 'mine')])
  router.addTracker(first)
  router.take(old, NOW)
  router.addTracker(second)
  router.take(old, NOW, new Set([second]))
  expect([totalOf(first), totalOf(second)]).toEqual([5, 5])
  router.removeTrackers(new Set([first]))
  router.take(blockOf([[1n, NOW + 1, 7]]), NOW)
  expect([totalOf(first), totalOf(second)]).toEqual([5, 12])
})

test('a series that nobody announces is given up after ten minutes', () => {
  const router = new SeriesRouter()
  router.addTracker(trackerOf('mine'))
  router.take(blockOf([[1n, NOW, 5]]), NOW)
  expect(router.unresolved(NOW + 599_000)).toEqual(['1'])
  expect(router.unresolved(NOW + 601_000)).toEqual([])
})

test('too many unknown rows: the oldest go, and it is said once the rest is known', () => {
  const router = new SeriesRouter(3)
  const tracker = trackerOf('mine')
  router.addTracker(tracker)
  router.take(
    blockOf([
      [1n, NOW, 1],
      [1n, NOW + 1, 2],
      [2n, NOW, 4],
      [3n, NOW, 8],
    ]),
    NOW,
  )
  expect(router.unresolved(NOW)).toEqual(['2', '3'])
  expect(router.takeOverflow()).toBe(false)
  for (const id of ['2', '3']) router.define(series(id, 'mine'))
  expect(totalOf(tracker)).toBe(12)
  expect([router.takeOverflow(), router.takeOverflow()]).toEqual([true, false])
})

test('an SLO that was given up while its series were looked up gets no rows', () => {
  const router = new SeriesRouter()
  const gone = trackerOf('mine')
  router.addTracker(gone)
  router.removeTrackers(new Set([gone]))
  const definition = series('1', 'mine')
  const reduction = gone.reduce(definition)
  if (!reduction) throw new Error('the series belongs to the SLO')
  router.connect(definition, gone, reduction)
  router.addTracker(trackerOf('other'))
  router.take(blockOf([[1n, NOW, 5]]), NOW)
  expect(totalOf(gone)).toBe(0)
})

test('a series that has ended is forgotten; when it comes back it is looked up', () => {
  const router = new SeriesRouter()
  const tracker = trackerOf('mine')
  router.addTracker(tracker)
  router.take(
    blockOf(
      [
        [1n, NOW, 5],
        [2n, NOW, 5],
      ],
      [series('1', 'mine'), series('2', 'mine')],
    ),
    NOW,
  )
  router.forgetSilent()
  router.take(blockOf([[1n, NOW + 1, 7]]), NOW)
  router.forgetSilent()
  router.take(
    blockOf([
      [1n, NOW + 2, 9],
      [2n, NOW + 2, 11],
    ]),
    NOW,
  )
  expect(totalOf(tracker)).toBe(5 + 5 + 7 + 9)
  expect(router.unresolved(NOW)).toEqual(['2'])
  router.define(series('2', 'mine'))
  expect(totalOf(tracker)).toBe(5 + 5 + 7 + 9 + 11)
})

test('the end of a series is no event and no restart, and values that are no numbers are passed over', () => {
  const router = new SeriesRouter()
  const tracker = trackerOf('mine')
  router.addTracker(tracker)
  const cumulative = { ...series('1', 'mine'), temporality: 'cumulative' as const }
  const stale = new Float64Array(BigUint64Array.of(0x7ff0_0000_0000_0002n).buffer)[0]!
  const values = [100, stale, NaN, Infinity, 104]
  const rows = values.map((value, i): [bigint, number, number] => [1n, NOW - 50_000 + i * 10_000, value])
  router.take(blockOf(rows, [cumulative]), NOW)
  expect(totalOf(tracker)).toBe(4)
})

test('histograms of a ratio: each observation is an event', () => {
  const router = new SeriesRouter()
  const tracker = trackerOf('duration')
  router.addTracker(tracker)
  const row = { series: 7n, at: NOW, start: 0, count: 6, sum: 1, min: NaN, max: NaN }
  router.take(
    {
      ...emptyBlock(1, NOW),
      series: [{ ...series('7', 'duration'), kind: 'histogram', monotonic: false }],
      histograms: [{ ...row, bounds: [0.1, 1], bucketCounts: [1, 2, 3] }],
    },
    NOW,
  )
  expect(totalOf(tracker)).toBe(6)
})
