import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { checkRun, histogramRow, sampleBlock, seriesDefinition, slice } from '../write/test-blocks.ts'
import { checkUptime, latestCheckRuns, readCheckRuns } from './check-runs.ts'
import { findSeries, findSeriesByIds } from './find-series.ts'
import { listLabels, listMetrics } from './metric-catalogue.ts'
import { readHistograms } from './read-histograms.ts'
import { readSamples } from './read-samples.ts'
import { readSlices } from './read-slices.ts'

const services = await useServices()
const NOW = Date.now()
const MINUTE = 60_000
const T = Math.floor(NOW / MINUTE) * MINUTE - 60 * MINUTE
let telemetry: Telemetry

beforeAll(() => {
  telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
})
afterAll(() => telemetry.close())

describe('samples', () => {
  test('sorted, once per series and time, inside [from, to), of the workspace asked for', async () => {
    const block = sampleBlock(1, [
      [2, T + 1, 7],
      [1, T + 2, 2],
      [1, T + 1, 1],
      [1, T, 0.25],
      [1, T + 3, 3],
      [3, T + 1, 9],
    ])
    await insertBlocks(telemetry, [block], 's1')
    await insertBlocks(telemetry, [sampleBlock(1, [[1, T + 1, 1]]), sampleBlock(2, [[1, T + 1, 99]])], 's2')
    const found = await readSamples(telemetry, { workspace: 1, series: ['2', '1', '77'], from: T, to: T + 3 })
    expect([...found.keys()].sort()).toEqual(['1', '2'])
    expect(found.get('1')).toEqual({
      at: Float64Array.of(T, T + 1, T + 2),
      start: new Float64Array(3),
      value: Float64Array.of(0.25, 1, 2),
    })
    expect([...(found.get('2')?.value ?? [])]).toEqual([7])
  })

  test('a contradiction is settled the same way in whatever order it arrived', async () => {
    await insertBlocks(telemetry, [sampleBlock(3, [[1, T, 5]])], 'c1')
    await insertBlocks(telemetry, [sampleBlock(3, [[1, T, 8]])], 'c2')
    await insertBlocks(telemetry, [sampleBlock(3, [[1, T, 6]])], 'c3')
    const found = await readSamples(telemetry, { workspace: 3, series: ['1'], from: T, to: T + 1 })
    expect([...(found.get('1')?.value ?? [])]).toEqual([8])
  })

  test('extremes survive', async () => {
    const values = [0, -0, 2 ** 53 - 1, -1e308, 5e-324, 0.1]
    const block = sampleBlock(
      4,
      values.map((value, i) => [1, T + i, value]),
    )
    block.samples.series.fill(2n ** 64n - 1n)
    block.samples.start.fill(T - 1)
    await insertBlocks(telemetry, [block], 'x1')
    const found = await readSamples(telemetry, { workspace: 4, series: [String(2n ** 64n - 1n)], from: 0, to: NOW })
    const samples = found.get('18446744073709551615')
    expect([...(samples?.value ?? [])]).toEqual(values)
    expect(new Set(samples?.start)).toEqual(new Set([T - 1]))
  })

  test('thousands of series in one call, with a limit on points', async () => {
    const many = Array.from({ length: 7000 }, (_, i) => i + 1)
    await insertBlocks(
      telemetry,
      [
        sampleBlock(
          5,
          many.flatMap((id) => [[id, T, id] as const, [id, T + 1, id] as const]),
        ),
      ],
      'm1',
    )
    const series = many.map(String)
    const all = await readSamples(telemetry, { workspace: 5, series, from: T, to: T + 10 })
    expect(all.size).toBe(7000)
    expect(all.get('6999')?.value).toEqual(Float64Array.of(6999, 6999))
    const some = await readSamples(telemetry, { workspace: 5, series, from: T, to: T + 10, limit: 11 })
    expect([...some.values()].reduce((sum, s) => sum + s.at.length, 0)).toBe(11)
    await expect(readSamples(telemetry, { workspace: 5, series: ['1) OR (1'], from: 0, to: 1 })).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(await readSamples(telemetry, { workspace: 5, series: [], from: 0, to: NOW })).toEqual(new Map())
    await expect(
      readSamples(telemetry, { workspace: 5, series, from: T, to: T + 10, limits: { maxRowsToRead: 100 } }),
    ).rejects.toMatchObject({ code: 'too_large' })
  })
})

test('histograms: as sent, once per series and time', async () => {
  const rows = [
    histogramRow(1, T, { start: T - 5, min: 0.1, count: 2 ** 52, bucketCounts: [1, 2 ** 52 - 1, 0] }),
    histogramRow(1, T + 1, { bounds: [], bucketCounts: [3] }),
    histogramRow(2, T),
  ]
  await insertBlocks(telemetry, [{ ...emptyBlock(1), histograms: rows }], 'h1')
  await insertBlocks(telemetry, [{ ...emptyBlock(1), histograms: rows.slice(1) }], 'h2')
  const found = await readHistograms(telemetry, { workspace: 1, series: ['1', '2'], from: T, to: T + 2 })
  expect(found).toEqual(
    new Map([
      ['1', rows.slice(0, 2)],
      ['2', rows.slice(2)],
    ]),
  )
})

test('slices: the newest revision of each minute, ascending', async () => {
  const first = [slice(T, 1), slice(T + MINUTE, 5, { good: 1.5, expected: 4 })]
  const second = [slice(T + MINUTE, 4, { good: 0 }), slice(T, 2, { total: 11 }), slice(T - MINUTE, 1)]
  const foreign = [slice(T, 9, { version: 2 }), slice(T, 9, { sloId: 'slo_2' })]
  await insertBlocks(telemetry, [{ ...emptyBlock(1), slices: first }], 'l1')
  await insertBlocks(telemetry, [{ ...emptyBlock(1), slices: [...second, ...foreign] }], 'l2')
  const query = { workspace: 1, sloId: 'slo_1', version: 1, from: T, to: T + 10 * MINUTE }
  const known = (row: object | undefined, revisions: number) => ({ ...row, revisions })
  expect(await readSlices(telemetry, query)).toEqual([known(second[1], 2), known(first[1], 2)])
  expect(await readSlices(telemetry, { ...query, from: 0 })).toEqual([
    known(second[2], 1),
    known(second[1], 2),
    known(first[1], 2),
  ])
  // What was known at an instant stays so, whatever became known later, and however parts were merged.
  await telemetry.command('OPTIMIZE TABLE slices FINAL')
  expect(await readSlices(telemetry, { ...query, asOf: 4 })).toEqual([known(second[1], 2), known(second[0], 1)])
  expect(await readSlices(telemetry, { ...query, asOf: 1 })).toEqual([known(first[0], 1)])
  expect(await readSlices(telemetry, { ...query, asOf: 0 })).toEqual([])
  expect(await readSlices(telemetry, { ...query, workspace: 2 })).toEqual([])
})

test('check runs: newest first, once each; latest and uptime', async () => {
  const failed = checkRun('chk_1', T + 2, { ok: false, statusCode: null, error: 'timeout ü' })
  const runs = [checkRun('chk_1', T), checkRun('chk_1', T + 1), failed, checkRun('chk_2', T)]
  await insertBlocks(telemetry, [{ ...emptyBlock(1), checkRuns: runs }], 'k1')
  await insertBlocks(telemetry, [{ ...emptyBlock(1), checkRuns: runs.slice(1) }], 'k2')
  const query = { workspace: 1, checkId: 'chk_1', from: T, to: T + 3, limit: 2 }
  expect(await readCheckRuns(telemetry, query)).toEqual([failed, runs[1]])
  expect(await readCheckRuns(telemetry, { ...query, workspace: 9 })).toEqual([])
  expect(await latestCheckRuns(telemetry, 1)).toEqual(
    new Map([
      ['chk_1', failed],
      ['chk_2', runs[3]],
    ]),
  )
  expect(await checkUptime(telemetry, 1, T, T + 3)).toEqual(
    new Map([
      ['chk_1', { runs: 3, passed: 2 }],
      ['chk_2', { runs: 1, passed: 1 }],
    ]),
  )
})

describe('series', () => {
  const series = [
    seriesDefinition(1, { labels: { 'http.route': '/a', 'http.status': '200' } }),
    seriesDefinition(2, { labels: { 'http.route': '/a', 'http.status': '503' } }),
    seriesDefinition(3, { labels: { 'http.route': `/b'\\\n`, empty: '' } }),
    seriesDefinition(4, {
      metric: 'latency',
      kind: 'histogram',
      unit: 's',
      description: 'How long',
      labels: { a: 'ü' },
    }),
  ]
  const idsOf = async (matchers: { label: string; op: '=' | '!=' | '=~' | '!~'; value: string }[]) =>
    (await findSeries(telemetry, 6, { metric: 'http.requests', matchers })).map((s) => s.id)

  beforeAll(async () => {
    await insertBlocks(telemetry, [{ ...emptyBlock(6, NOW - 3_600_000), series }], 'd1')
    await insertBlocks(telemetry, [{ ...emptyBlock(6, NOW), series: series.slice(0, 1) }], 'd2')
    await insertBlocks(telemetry, [{ ...emptyBlock(7, NOW), series: [seriesDefinition(9)] }], 'd3')
  })

  test.each([
    [[], ['1', '2', '3']],
    [[{ label: 'http.route', op: '=', value: '/a' }], ['1', '2']],
    [[{ label: 'http.route', op: '=', value: `/b'\\\n` }], ['3']],
    [[{ label: 'http.status', op: '!=', value: '200' }], ['2', '3']],
    [[{ label: 'http.status', op: '=', value: '' }], ['3']],
    [[{ label: 'http.status', op: '=~', value: '5..' }], ['2']],
    [[{ label: 'http.status', op: '=~', value: '5.' }], []],
    [[{ label: 'http.status', op: '=~', value: '2..|' }], ['1', '3']],
    [[{ label: 'http.route', op: '=~', value: '/b.*' }], ['3']],
    [[{ label: 'http.status', op: '!~', value: '5..' }], ['1', '3']],
    [
      [
        { label: 'missing', op: '!~', value: '.+' },
        { label: 'http.route', op: '=', value: '/a' },
      ],
      ['1', '2'],
    ],
  ] as const)('%j', async (matchers, expected) => {
    expect(await idsOf([...matchers])).toEqual(expected)
  })

  test('come back as they were announced', async () => {
    expect(await findSeries(telemetry, 6, { metric: 'latency', matchers: [] })).toEqual([series[3]])
    expect(await findSeriesByIds(telemetry, 6, ['4', '1', '1234'])).toEqual([series[0], series[3]])
    expect(await findSeriesByIds(telemetry, 6, [])).toEqual([])
    expect(await findSeriesByIds(telemetry, 7, ['4'])).toEqual([])
  })

  test('only those announced since', async () => {
    const selector = { metric: 'http.requests', matchers: [] }
    const found = await findSeries(telemetry, 6, selector, { since: NOW - MINUTE })
    expect(found.map((s) => s.id)).toEqual(['1'])
  })

  test('an expression that RE2 does not know is the caller’s mistake', async () => {
    await expect(idsOf([{ label: 'http.route', op: '=~', value: '(?=x)x' }])).rejects.toMatchObject({ code: 'invalid' })
  })

  test('metrics and labels', async () => {
    expect(await listMetrics(telemetry, 6, '')).toEqual([
      { metric: 'http.requests', kind: 'sum', unit: '1', description: '', series: 3 },
      { metric: 'latency', kind: 'histogram', unit: 's', description: 'How long', series: 1 },
    ])
    expect((await listMetrics(telemetry, 6, 'LAT')).map((m) => m.metric)).toEqual(['latency'])
    expect(await listMetrics(telemetry, 6, '%')).toEqual([])
    expect(await listLabels(telemetry, 6, 'http.requests')).toEqual([
      { label: 'empty', values: [''] },
      { label: 'http.route', values: ['/a', `/b'\\\n`] },
      { label: 'http.status', values: ['200', '503'] },
    ])
  })
})
