import type { SeriesDefinition } from '@nines/contracts'
import { useServices } from '@nines/testkit'
import { emptyBlock, type Block } from '@nines/wire'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { groupText, oracleAnswer, type OracleSeries } from '../evaluate/query-oracle.fixture.ts'
import type { QueryRow, TelemetryQuery } from '../evaluate/telemetry-query.ts'
import { ResidentHead } from '../head/resident-head.ts'
import { insertBuckets } from '../rollup/bucket-columns.ts'
import { createTelemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { FinishedBuckets } from './finished-buckets.ts'
import { queryRatios } from './query-ratios.ts'
import { queryTelemetry, type QueryEngine } from './query-telemetry.ts'
import { NO_ROLLUPS, type RollupProgress } from './rollup-levels.ts'
import { SeriesDirectory } from './series-directory.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A full hour, so that windows of every rollup may end there. */
const END = 1_790_000_000_000 - (1_790_000_000_000 % HOUR)
const WORKSPACE = 7
type Sample = readonly [at: number, value: number]

const stored: { definition: SeriesDefinition; samples: Sample[] }[] = Array.from({ length: 12 }, (_, i) => {
  const random = seeded(i + 1)
  const definition: SeriesDefinition = {
    id: String(1000 + i),
    metric: i < 9 ? 'requests' : 'temperature',
    kind: i < 9 ? 'sum' : 'gauge',
    temporality: i < 9 ? 'cumulative' : 'unspecified',
    monotonic: i < 9,
    unit: '1',
    description: '',
    labels: { job: `job-${i % 3}`, instance: `i-${i}`, ...(i === 4 && { zone: 'a' }) },
  }
  const samples: Sample[] = []
  let value = 0
  // Some lie exactly on minutes, where the edges of windows and buckets meet; some come twice.
  for (let at = END - 6 * HOUR; at <= END; at += i % 2 === 0 ? 15_000 : 10_000 + Math.floor(random() * 9_000)) {
    value = i < 9 ? (random() < 0.01 ? random() * 3 : value + random() * 20) : random() * 100
    samples.push([at, value])
    if (random() < 0.02) samples.push([at, value])
    if (random() < 0.005) samples.push([at + 1_000, NaN])
  }
  return { definition, samples }
})

beforeAll(async () => {
  const half = (keep: (i: number) => boolean) => stored.map(({ samples }) => samples.filter((_, i) => keep(i)))
  await insertBlocks(telemetry, [blockOf(half((i) => i % 3 !== 1))], 'even')
  await insertBlocks(telemetry, [blockOf(half((i) => i % 3 === 1))], 'odd')
  await rollUp()
})
afterAll(() => telemetry.close())

function blockOf(samples: readonly Sample[][], workspace = WORKSPACE): Block {
  const rows = samples.flatMap((own, i) =>
    own.map(([at, value]) => [BigInt(stored[i]!.definition.id), at, value] as const),
  )
  return {
    ...emptyBlock(workspace, END),
    series: stored.map(({ definition }) => definition),
    samples: {
      series: BigUint64Array.from(rows, ([id]) => id),
      at: Float64Array.from(rows, ([, at]) => at),
      start: new Float64Array(rows.length),
      value: Float64Array.from(rows, ([, , value]) => value),
    },
  }
}

/** Rows as whoever rolls up is to make them: what the samples in (at, at + width] come to. */
async function rollUp(): Promise<void> {
  for (const [table, width] of [
    ['rollup_1h', HOUR],
    ['rollup_5m', 5 * MINUTE],
  ] as const) {
    const rows = stored.flatMap(({ definition, samples }) =>
      buckets(width).map((at) => ({ series: definition.id, at, ...bucketOf(definition, samples, at, width) })),
    )
    await storeBuckets(
      table,
      rows.filter((row) => row.count > 0),
    )
  }
  const minutes = buckets(MINUTE).flatMap((at) =>
    ['job-0', 'job-1', 'job-2'].map((service) => ({
      metric: 'requests',
      service,
      kind: 'sum',
      at,
      increase: stored
        .filter(({ definition }) => definition.metric === 'requests' && definition.labels.job === service)
        .reduce((sum, { definition, samples }) => sum + (bucketOf(definition, samples, at, MINUTE).increase || 0), 0),
    })),
  )
  await insertJson('service_rollup_1m', minutes)
}

const buckets = (width: number) =>
  Array.from({ length: (6 * HOUR) / width + 1 }, (_, i) => END - 6 * HOUR + (i - 1) * width)

function bucketOf(definition: SeriesDefinition, samples: readonly Sample[], at: number, width: number) {
  const one = (name: TelemetryQuery['function']) => {
    const asked = query({
      function: name,
      window: width,
      aggregate: null,
      grid: { from: at + width, step: 0, count: 1 },
    })
    return [...oracleAnswer([{ labels: definition.labels, isDelta: false, samples }], asked).values()][0]?.[0] ?? 0
  }
  return {
    increase: definition.kind === 'gauge' ? 0 : one('increase'),
    sum: one('sum_over_time'),
    min: one('min_over_time'),
    max: one('max_over_time'),
    count: one('count_over_time'),
  }
}

async function storeBuckets(table: 'rollup_5m' | 'rollup_1h', rows: readonly Record<string, unknown>[]): Promise<void> {
  await telemetry.command(`CREATE OR REPLACE TABLE plain (workspace UInt32, retention UInt16 DEFAULT 400, series UInt64,
    at DateTime64(3), min Float64, max Float64, sum Float64, count UInt32, increase Float64, last Float64 DEFAULT max,
    last_at DateTime64(3) DEFAULT at, revision UInt64) ENGINE = Memory`)
  await insertJson('plain', rows)
  await telemetry.command(insertBuckets(table, 'SELECT * FROM plain'), {}, { prefer_column_name_to_alias: 1 })
  await telemetry.command('DROP TABLE plain')
}

async function insertJson(table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  const body = rows
    .map((row) => JSON.stringify({ workspace: WORKSPACE, revision: 1, ...row, at: iso(row.at) }))
    .join('\n')
  const sql = encodeURIComponent(`INSERT INTO ${table} FORMAT JSONEachRow`)
  const settings = 'date_time_input_format=best_effort&input_format_skip_unknown_fields=1'
  const url = `${services.clickhouseUrl}/?database=${services.clickhouseDatabase}&query=${sql}&${settings}`
  const answer = await fetch(url, { method: 'POST', body })
  if (!answer.ok) throw new Error(await answer.text())
}

const iso = (at: unknown) => new Date(Number(at)).toISOString()

function engine(rollups: RollupProgress = NO_ROLLUPS): QueryEngine {
  return {
    telemetry,
    directory: new SeriesDirectory(telemetry, () => Date.now()),
    rollups,
    buckets: new FinishedBuckets(),
  }
}
const everything: RollupProgress = async () => ({ rollup_1h: END, rollup_5m: END, service_rollup_1m: END })

function query(change: Partial<TelemetryQuery> = {}): TelemetryQuery {
  return {
    selector: { metric: 'requests', matchers: [] },
    function: 'rate',
    window: 5 * MINUTE,
    grid: { from: END - HOUR, step: MINUTE, count: 61 },
    aggregate: 'sum',
    by: ['job'],
    ...change,
  }
}

const comparable = (rows: readonly QueryRow[]) =>
  new Map(
    rows
      .filter((row) => row.values.some((value) => !Number.isNaN(value)))
      .map((row) => [groupText(row.labels), [...row.values]]),
  )

function expectEqual(found: readonly QueryRow[], wanted: Map<string, number[]>): void {
  const rows = comparable(found)
  expect([...rows.keys()].toSorted()).toEqual([...wanted.keys()].toSorted())
  for (const [key, values] of wanted)
    for (const [k, value] of values.entries()) {
      const got = rows.get(key)![k]!
      if (Number.isNaN(value)) expect(got).toBeNaN()
      else
        expect(Math.abs(got - value), `${key} ${k}: ${got} ${value}`).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(value)),
        )
    }
}

function oracle(asked: TelemetryQuery): Map<string, number[]> {
  const matching = stored.filter(
    ({ definition }) =>
      definition.metric === asked.selector.metric &&
      asked.selector.matchers.every(({ label, value }) => definition.labels[label] === value),
  )
  const series: OracleSeries[] = matching.map(({ definition, samples }) => ({
    labels: definition.labels,
    isDelta: false,
    samples,
  }))
  return oracleAnswer(series, asked)
}

describe('every source gives the answer that the definition gives', () => {
  test('samples, at any instants', async () => {
    const anyQuery = fc.record({
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
      window: fc.integer({ min: 5, max: 4000 }).map((seconds) => seconds * 1000),
      aggregate: fc.constantFrom('sum', 'avg', 'min', 'max', 'count', 'quantile', null),
      by: fc.constantFrom([], ['job'], ['job', 'instance'], ['zone']),
      selector: fc.constantFrom(
        { metric: 'requests', matchers: [] },
        { metric: 'temperature', matchers: [] },
        { metric: 'requests', matchers: [{ label: 'job', op: '=', value: 'job-1' }] },
      ),
      grid: fc.record({
        from: fc.integer({ min: -6 * 3600, max: 300 }).map((seconds) => END + seconds * 1000),
        step: fc.integer({ min: 1, max: 600 }).map((seconds) => seconds * 1000),
        count: fc.integer({ min: 1, max: 20 }),
      }),
    })
    const own = engine()
    await fc.assert(
      fc.asyncProperty(anyQuery, async (change) => {
        const asked = query(change as Partial<TelemetryQuery>)
        const answer = await queryTelemetry(own, WORKSPACE, asked)
        expect(answer.source).toBe('raw')
        expectEqual(answer.rows, oracle(asked))
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    ['service-rollup', query()],
    ['service-rollup', query({ by: [] })],
    [
      'service-rollup',
      query({
        function: 'increase',
        window: HOUR,
        selector: { metric: 'requests', matchers: [{ label: 'job', op: '=', value: 'job-1' }] },
      }),
    ],
    ['series-rollup', query({ by: ['instance'], grid: { from: END - HOUR, step: 5 * MINUTE, count: 13 } })],
    ['series-rollup', query({ by: ['zone'], window: 2 * HOUR, grid: { from: END, step: 0, count: 1 } })],
    [
      'series-rollup',
      query({
        aggregate: null,
        function: 'max_over_time',
        window: HOUR,
        grid: { from: END - HOUR, step: 30 * MINUTE, count: 3 },
      }),
    ],
    [
      'series-rollup',
      query({
        aggregate: 'avg',
        function: 'count_over_time',
        window: HOUR,
        grid: { from: END - HOUR, step: HOUR, count: 2 },
      }),
    ],
    ['raw', query({ by: ['instance'], grid: { from: END - HOUR, step: MINUTE, count: 61 } })],
    ['raw', query({ grid: { from: END - HOUR + 1, step: MINUTE, count: 2 } })],
    ['raw', query({ selector: { metric: 'requests', matchers: [{ label: 'instance', op: '=', value: 'i-1' }] } })],
  ] as const)('%s', async (source, asked) => {
    const answer = await queryTelemetry(engine(everything), WORKSPACE, asked)
    expect(answer.source).toBe(source)
    expectEqual(answer.rows, oracle(asked))
  })

  test('increases by minute that are kept in memory, as a dashboard asks for them again and again', async () => {
    const own = engine(everything)
    const anyQuery = fc.record({
      function: fc.constantFrom('rate' as const, 'increase' as const),
      window: fc.integer({ min: 1, max: 90 }).map((minutes) => minutes * MINUTE),
      by: fc.constantFrom(['instance'], ['zone'], ['job'], []),
      aggregate: fc.constantFrom('sum' as const, 'max' as const, null),
      grid: fc.record({
        from: fc.integer({ min: 30, max: 299 }).map((minutes) => END - minutes * MINUTE),
        step: fc.constantFrom(MINUTE, 3 * MINUTE),
        count: fc.integer({ min: 1, max: 30 }),
      }),
    })
    await fc.assert(
      fc.asyncProperty(anyQuery, async ({ grid, ...change }) => {
        const count = Math.min(grid.count, Math.floor((END - grid.from) / grid.step) + 1)
        const asked = query({ ...change, grid: { ...grid, count } })
        expectEqual((await queryTelemetry(own, WORKSPACE, asked)).rows, oracle(asked))
      }),
      { numRuns: 60 },
    )
  })

  test('a series with pauses, kept by minute or not', async () => {
    const definition = { ...stored[0]!.definition, id: '2000', metric: 'pausing', labels: { instance: 'p' } }
    const samples = Array.from({ length: 240 }, (_, i) => [END - 2 * HOUR + i * 30_000, i * 3] as const).filter(
      (_, i) => i % 60 < 40 && i % 97 > 14,
    )
    const block = {
      ...emptyBlock(WORKSPACE, END),
      series: [definition],
      samples: {
        series: new BigUint64Array(samples.length).fill(2000n),
        at: Float64Array.from(samples, ([at]) => at),
        start: new Float64Array(samples.length),
        value: Float64Array.from(samples, ([, value]) => value),
      },
    }
    await insertBlocks(telemetry, [block], 'pausing')
    const own = engine(everything)
    const selector = { metric: 'pausing', matchers: [] }
    for (const [from, count] of [
      [END - HOUR, 10],
      [END - HOUR, 61],
    ] as const)
      for (const window of [MINUTE, 7 * MINUTE, 33 * MINUTE]) {
        const asked = query({ selector, by: ['instance'], window, grid: { from, step: MINUTE, count } })
        const wanted = oracleAnswer([{ labels: definition.labels, isDelta: false, samples }], asked)
        expectEqual((await queryTelemetry(own, WORKSPACE, asked)).rows, wanted)
      }
  })

  test('the head, in front of all', async () => {
    const head = new ResidentHead({ now: END })
    for (let i = 0; i < 30; i++)
      head.take(blockOf(stored.map(({ samples }) => samples.filter((_, k) => k % 30 === i))), END)
    head.setCompleteFrom(END - 14 * MINUTE)
    const own = {
      ...engine(everything),
      askHead: async (workspace: number, asked: TelemetryQuery) => head.answer(workspace, asked, END),
    }
    const asked = query({ by: ['instance'], grid: { from: END - MINUTE, step: 20_000, count: 4 } })
    const answer = await queryTelemetry(own, WORKSPACE, asked)
    expect(answer.source).toBe('head')
    expectEqual(answer.rows, oracle(asked))
    expect((await queryTelemetry(own, WORKSPACE, query())).source).toBe('service-rollup')
  })

  test.each([
    ['service-rollup', ['job']],
    ['raw', ['instance']],
  ] as const)('what is not finished yet comes from the head, or else from samples: %s', async (source, by) => {
    const until = END - 4 * MINUTE - 1_000
    const late: RollupProgress = async () => ({ rollup_1h: until, rollup_5m: until, service_rollup_1m: until })
    const head = new ResidentHead({ now: END })
    head.take(blockOf(stored.map(({ samples }) => samples.filter(([at]) => at > END - 14 * MINUTE))), END)
    head.setCompleteFrom(END - 14 * MINUTE)
    const answered: number[] = []
    const askHead: QueryEngine['askHead'] = async (workspace, asked) => {
      const answer = head.answer(workspace, asked, END)
      if (answer) answered.push(asked.grid.from)
      return answer
    }
    const asked = query({ by })
    for (const own of [engine(late), { ...engine(late), askHead }]) {
      const answer = await queryTelemetry(own, WORKSPACE, asked)
      expect(answer.source).toBe(source)
      expectEqual(answer.rows, oracle(asked))
    }
    expect(answered).toEqual([END - 4 * MINUTE])
  })

  test('a rollup that ends long before the last instant, or behind the first window, is not read', async () => {
    for (const until of [END - 16 * MINUTE, END - HOUR - 5 * MINUTE]) {
      const late: RollupProgress = async () => ({ rollup_1h: until, rollup_5m: until, service_rollup_1m: until })
      expect((await queryTelemetry(engine(late), WORKSPACE, query())).source).toBe('raw')
    }
  })
})

describe('ratios', () => {
  const of = (job: string) => ({ metric: 'requests', matchers: [{ label: 'job', op: '=' as const, value: job }] })
  test.each([
    ['without rollups', NO_ROLLUPS, END - 5 * HOUR, END],
    ['of whole hours', everything, END - 5 * HOUR, END],
    ['with edges on both sides', everything, END - 5 * HOUR + 123_456, END - 1_234_567],
    ['with edges of whole minutes', everything, END - 5 * HOUR + 17 * MINUTE, END - 29 * MINUTE],
    [
      'finished up to any instant',
      async () => ({ rollup_1h: END - HOUR, rollup_5m: END - 100_001 }),
      END - 4 * HOUR + MINUTE,
      END - 7 * MINUTE,
    ],
    [
      'with an edge that is not finished',
      async () => ({ rollup_1h: END - HOUR, rollup_5m: END - 8 * MINUTE }),
      END - 4 * HOUR + MINUTE,
      END - 20_000,
    ],
    [
      'with the last hours not rolled up',
      async () => ({ rollup_1h: END - 2 * HOUR, rollup_5m: END - HOUR }),
      END - 5 * HOUR - 1,
      END,
    ],
  ] as const)('%s', async (_name, rollups, from, to) => {
    const asked = [
      { numerator: of('job-1'), denominator: { metric: 'requests', matchers: [] } },
      { numerator: of('none'), denominator: of('none') },
    ]
    const [first, second] = await queryRatios(engine(rollups), WORKSPACE, asked, { from, to })
    const increase = (selector: TelemetryQuery['selector']) =>
      [
        ...oracle(
          query({ selector, function: 'increase', window: to - from, by: [], grid: { from: to, step: 0, count: 1 } }),
        ).values(),
      ][0]![0]!
    const wanted = increase(of('job-1')) / increase(asked[0]!.denominator)
    expect(Math.abs(first!.ratio! - wanted)).toBeLessThan(1e-9)
    expect(second).toEqual({ numerator: 0, denominator: 0, ratio: null })
  })
})

test('ratios up to now have their last minutes from the head', async () => {
  const until = END - 4 * MINUTE
  const head = new ResidentHead({ now: END })
  head.take(blockOf(stored.map(({ samples }) => samples.filter(([at]) => at > END - 14 * MINUTE))), END)
  head.setCompleteFrom(END - 14 * MINUTE)
  let answers = 0
  const own: QueryEngine = {
    ...engine(async () => ({ rollup_1h: END - HOUR, rollup_5m: until })),
    askHead: async (workspace, asked) => {
      const answer = head.answer(workspace, asked, END)
      if (answer) answers++
      return answer
    },
  }
  const matchers = [{ label: 'job', op: '=' as const, value: 'job-1' }]
  const asked = [{ numerator: { metric: 'requests', matchers }, denominator: { metric: 'requests', matchers: [] } }]
  const span = { from: END - 3 * HOUR, to: END }
  const [found] = await queryRatios(own, WORKSPACE, asked, span)
  const [wanted] = await queryRatios(engine(), WORKSPACE, asked, span)
  expect(answers).toBe(1)
  expect(Math.abs(found!.numerator - wanted!.numerator)).toBeLessThan(1e-9 * wanted!.numerator)
  expect(Math.abs(found!.denominator - wanted!.denominator)).toBeLessThan(1e-9 * wanted!.denominator)
})

test('ratios of gauges, whose increase no rollup holds, come from samples', async () => {
  const numerator = { metric: 'temperature', matchers: [{ label: 'job', op: '=' as const, value: 'job-1' }] }
  const asked = [{ numerator, denominator: { metric: 'requests', matchers: [] } }]
  const span = { from: END - 3 * HOUR, to: END }
  const [found] = await queryRatios(engine(everything), WORKSPACE, asked, span)
  const [wanted] = await queryRatios(engine(), WORKSPACE, asked, span)
  expect(wanted!.numerator).toBeGreaterThan(0)
  expect(found!.numerator).toBeCloseTo(wanted!.numerator, 6)
  expect(found!.denominator).toBeCloseTo(wanted!.denominator, 6)
})

describe('bounds', () => {
  test('more instants, results or steps than one query may have: too_large', async () => {
    const ask = (change: Partial<TelemetryQuery>) => queryTelemetry(engine(), WORKSPACE, query(change))
    await expect(ask({ grid: { from: END, step: 1, count: 11_001 } })).rejects.toMatchObject({ code: 'too_large' })
    await expect(
      ask({ window: 400 * 24 * HOUR, grid: { from: END, step: MINUTE, count: 11_000 } }),
    ).rejects.toMatchObject({ code: 'too_large' })
  })

  test('rows beyond the limit, and a result beyond it: too_large, never a shorter one', async () => {
    const ask = (limits: object) => queryTelemetry(engine(), WORKSPACE, query(), limits)
    await expect(ask({ maxRowsToRead: 100 })).rejects.toMatchObject({ code: 'too_large' })
    await expect(ask({ maxResultRows: 1 })).rejects.toMatchObject({ code: 'too_large' })
  })

  test('nobody waits: the request is ended', async () => {
    await expect(queryTelemetry(engine(), WORKSPACE, query(), { signal: AbortSignal.abort() })).rejects.toThrow()
  })

  test('another workspace sees nothing', async () => {
    expect(await queryTelemetry(engine(everything), WORKSPACE + 1, query())).toMatchObject({ rows: [] })
  })
})

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b_79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
