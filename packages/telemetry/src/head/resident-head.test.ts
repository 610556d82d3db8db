import type { SeriesDefinition } from '@nines/contracts'
import { emptyBlock, type Block } from '@nines/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupText, oracleAnswer, type OracleSeries } from '../evaluate/query-oracle.fixture.ts'
import type { QueryRow, TelemetryQuery } from '../evaluate/telemetry-query.ts'
import { ResidentHead } from './resident-head.ts'

const NOW = 1_790_000_000_000
const MINUTE = 60_000
type Sample = [series: number, at: number, value: number]

function definition(id: number, change: Partial<SeriesDefinition> = {}): SeriesDefinition {
  const labels = { job: `job-${id % 3}`, instance: `i-${id}` }
  const kind = { metric: 'requests', kind: 'sum', temporality: id % 5 === 4 ? 'delta' : 'cumulative' } as const
  return { id: String(id), ...kind, monotonic: true, unit: '', description: '', labels, ...change }
}

function blockOf(series: readonly SeriesDefinition[], samples: readonly Sample[], workspace = 1): Block {
  return {
    ...emptyBlock(workspace, NOW),
    series: [...series],
    samples: {
      series: BigUint64Array.from(samples, ([id]) => BigInt(id)),
      at: Float64Array.from(samples, ([, at]) => at),
      start: new Float64Array(samples.length),
      value: Float64Array.from(samples, ([, , value]) => value),
    },
  }
}

function query(change: Partial<TelemetryQuery> = {}): TelemetryQuery {
  return {
    selector: { metric: 'requests', matchers: [] },
    function: 'rate',
    window: 5 * MINUTE,
    grid: { from: NOW, step: 0, count: 1 },
    aggregate: 'sum',
    by: ['job'],
    ...change,
  }
}

const comparable = (rows: readonly QueryRow[]) =>
  new Map(
    rows
      .filter((row) => row.values.some((v) => !Number.isNaN(v)))
      .map((row) => [groupText(row.labels), [...row.values]]),
  )

function expectEqual(found: Map<string, number[]>, wanted: Map<string, number[]>): void {
  expect([...found.keys()].toSorted()).toEqual([...wanted.keys()].toSorted())
  for (const [key, values] of wanted)
    for (const [k, value] of values.entries())
      if (Number.isNaN(value)) expect(found.get(key)![k]).toBeNaN()
      else expect(found.get(key)![k]).toBeCloseTo(value, 6)
}

const samplesOf = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 7 }),
    fc.integer({ min: -13 * 60, max: 0 }).map((seconds) => NOW + seconds * 1000),
    fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 1000 }) }, { weight: 1, arbitrary: fc.constant(NaN) }),
  ),
  { maxLength: 300 },
) as fc.Arbitrary<Sample[]>
const anyQuery = fc
  .record({
    function: fc.constantFrom(
      'last',
      'rate',
      'increase',
      'delta',
      'avg_over_time',
      'min_over_time',
      'max_over_time',
      'sum_over_time',
      'count_over_time',
    ),
    window: fc.integer({ min: 1, max: 400 }).map((seconds) => seconds * 1000),
    aggregate: fc.constantFrom('sum', 'avg', 'min', 'max', 'count', 'quantile', null),
    by: fc.constantFrom([], ['job'], ['job', 'instance'], ['nothing']),
    grid: fc.record({
      from: fc.integer({ min: -300, max: 0 }).map((seconds) => NOW + seconds * 1000),
      step: fc.integer({ min: 1, max: 60 }).map((seconds) => seconds * 1000),
      count: fc.integer({ min: 1, max: 5 }),
    }),
    matcher: fc.constantFrom(
      undefined,
      { label: 'job', op: '=', value: 'job-1' },
      { label: 'instance', op: '=~', value: 'i-[1-4]' },
    ),
  })
  .map(({ matcher, ...rest }) =>
    query({ ...rest, selector: { metric: 'requests', matchers: matcher ? [matcher] : [] } }),
  )

const selected = (id: number, { selector }: TelemetryQuery) =>
  selector.matchers.every(({ label, value }) =>
    label === 'job' ? `job-${id % 3}` === value : /^i-[1-4]$/.test(`i-${id}`),
  )

describe('a warm head', () => {
  test('answers what the definition of the query says, in whatever order and blocks samples came, or declines', () => {
    let answered = 0
    fc.assert(
      fc.property(samplesOf, fc.array(fc.nat(), { maxLength: 4 }), anyQuery, (samples, cuts, asked) => {
        const head = new ResidentHead({ now: NOW })
        const ids = [...new Set(samples.map(([id]) => id))]
        const places = cuts.map((cut) => cut % (samples.length + 1)).toSorted((a, b) => a - b)
        const definitions = ids.map((id) => definition(id))
        for (const [i, place] of [...places, samples.length].entries())
          head.take(blockOf(i === 0 ? definitions : [], samples.slice(places[i - 1] ?? 0, place)), NOW)
        head.setCompleteFrom(NOW - 14 * MINUTE)
        const answer = head.answer(1, asked, NOW)
        if (answer === null) return
        answered++
        const series: OracleSeries[] = ids
          .filter((id) => selected(id, asked))
          .map((id) => ({
            labels: definition(id).labels,
            isDelta: id % 5 === 4,
            samples: samples.filter((sample) => sample[0] === id).map(([, at, value]) => [at, value] as const),
          }))
        expectEqual(comparable(answer.rows), oracleAnswer(series, asked))
      }),
      { numRuns: 400 },
    )
    expect(answered).toBeGreaterThan(150)
  })

  test('serves rate over five minutes of series at 15 s, and at 1 s, from bounded rings', () => {
    const head = new ResidentHead({ now: NOW - 20 * MINUTE })
    head.setCompleteFrom(NOW - 20 * MINUTE)
    head.take(blockOf([definition(1), definition(2)], []), NOW - 20 * MINUTE)
    for (let at = NOW - 20 * MINUTE; at <= NOW; at += 1000)
      head.take(
        blockOf(
          [],
          at % 15_000 === 0
            ? [
                [1, at, at / 1000],
                [2, at, at / 500],
              ]
            : [[2, at, at / 500]],
        ),
        at,
      )
    const answer = head.answer(1, query({ by: ['instance'] }), NOW)
    expect(comparable(answer!.rows)).toEqual(
      new Map([
        ['[["instance","i-1"]]', [1]],
        ['[["instance","i-2"]]', [2]],
      ]),
    )
    // 32 samples at 15 s and 512 at 1 s; each class of rings takes one chunk.
    expect(head.ringBytes).toBeLessThan(1_000_000)
  })

  test('declines when a ring has let go what the query takes', () => {
    const head = new ResidentHead({ now: NOW, maxRingBytes: 0 })
    head.setCompleteFrom(NOW - 14 * MINUTE)
    const samples = Array.from({ length: 20 }, (_, i): Sample => [1, NOW - (20 - i) * 1000, i])
    head.take(blockOf([definition(1)], samples), NOW)
    expect(head.answer(1, query(), NOW)).toBeNull()
    // Four steps of one lie in the five seconds.
    expect(head.answer(1, query({ window: 5000 }), NOW)?.rows[0]?.values[0]).toBe(0.8)
    expect(head.answer(1, query({ function: 'last' }), NOW)).toBeNull()
  })
})

describe('a head declines', () => {
  const samples: Sample[] = [[1, NOW - 1000, 1]]

  test('before it is warm, and for times before', () => {
    const head = new ResidentHead({ now: NOW })
    head.take(blockOf([definition(1)], samples), NOW)
    expect(head.answer(1, query(), NOW)).toBeNull()
    head.setCompleteFrom(NOW - 4 * MINUTE)
    expect(head.answer(1, query(), NOW)).toBeNull()
    head.setCompleteFrom(NOW - 12 * MINUTE)
    expect(head.answer(1, query(), NOW)).not.toBeNull()
    expect(head.answer(1, query({ window: 30 * MINUTE }), NOW)).toBeNull()
  })

  test('while series are unnamed, until they are named or nobody knows them', () => {
    const head = new ResidentHead({ now: NOW })
    head.setCompleteFrom(NOW - 12 * MINUTE)
    head.take(blockOf([], [...samples, [2, NOW, 5]]), NOW)
    expect(head.answer(1, query(), NOW)).toBeNull()
    expect(head.unnamed()).toEqual(new Map([[1, ['1', '2']]]))
    head.define(1, [definition(1)])
    head.leaveUnnamed(1, ['2'])
    expect(head.answer(1, query({ function: 'last' }), NOW)?.rows).toHaveLength(1)
  })
})

test('a workspace sees nothing of another, although ids of series are the same', () => {
  const head = new ResidentHead({ now: NOW })
  head.setCompleteFrom(NOW - 12 * MINUTE)
  head.take(blockOf([definition(1)], [[1, NOW, 1]], 1), NOW)
  head.take(blockOf([definition(1)], [[1, NOW, 2]], 2), NOW)
  const last = (workspace: number) => head.answer(workspace, query({ function: 'last' }), NOW)?.rows[0]?.values[0]
  expect([last(1), last(2), last(3)]).toEqual([1, 2, undefined])
})

test('a new series of the metric is part of the next answer; one that went silent leaves with its memory', () => {
  const head = new ResidentHead({ now: NOW })
  head.setCompleteFrom(NOW - 12 * MINUTE)
  const count = (now: number) =>
    head.answer(1, query({ function: 'last', aggregate: 'count', by: [], grid: { from: now, step: 0, count: 1 } }), now)
  head.take(blockOf([definition(1)], [[1, NOW, 1]]), NOW)
  expect(count(NOW)?.rows[0]?.values[0]).toBe(1)
  head.take(blockOf([definition(2)], [[2, NOW, 1]]), NOW)
  expect(count(NOW)?.rows[0]?.values[0]).toBe(2)
  const later = NOW + 20 * MINUTE
  head.take(blockOf([], [[2, later, 1]]), later)
  expect(head.seriesCount).toBe(1)
  expect(count(later)?.rows[0]?.values[0]).toBe(1)
  head.take(
    blockOf(
      [definition(3)],
      [
        [3, later, 1],
        [1, later, 1],
      ],
    ),
    later,
  )
  expect(head.unnamed()).toEqual(new Map([[1, ['1']]]))
})
