import { describe, expect, test } from 'vitest'
import { BlockBuilder } from './block-builder.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { seriesId } from '../series/series-id.ts'

const definition = (labels: Record<string, string> = {}) => ({
  metric: 'm',
  kind: 'gauge' as const,
  temporality: 'unspecified' as const,
  monotonic: false,
  unit: '',
  description: '',
  labels,
})
const MINUTE = 60_000
const START = 1_800_000_000_000

/** Announcements in a block of one row of the series, built at an instant and appended or lost. */
function announced(cache: SeriesCache, at: number, outcome: 'appended' | 'lost', workspace = 1): string[] {
  const builder = new BlockBuilder(workspace, at)
  builder.addSample(cache.resolve(workspace, definition())!, at, 0, 1)
  builder.addSample(cache.resolve(workspace, definition())!, at + 1, 0, 2)
  if (outcome === 'appended') builder.confirm()
  return builder.finish().series.map((series) => series.id)
}

describe('a series definition', () => {
  const id = seriesId(definition())

  test('is announced again half to three quarters of an hour later, in each workspace', () => {
    const cache = new SeriesCache()
    expect(announced(cache, START, 'appended')).toEqual([id])
    expect(announced(cache, START + 30 * MINUTE - 1, 'appended')).toEqual([])
    expect(announced(cache, START, 'appended', 2)).toEqual([id])
    expect(announced(cache, START + 45 * MINUTE, 'appended')).toEqual([id])
    expect(announced(cache, START + 74 * MINUTE, 'appended')).toEqual([])
  })

  test('stands in every block until one of them was appended', () => {
    const cache = new SeriesCache()
    expect(announced(cache, START, 'lost')).toEqual([id])
    expect(announced(cache, START + 1, 'lost')).toEqual([id])
    expect(announced(cache, START + 2, 'appended')).toEqual([id])
    expect(announced(cache, START + 3, 'appended')).toEqual([])
  })

  test('is taken back with its rows and comes with the next ones', () => {
    const cache = new SeriesCache()
    const builder = new BlockBuilder(1, START)
    const [first, second] = [cache.resolve(1, definition({ n: '1' }))!, cache.resolve(1, definition({ n: '2' }))!]
    builder.addSample(first, 1, 0, 1)
    const mark = builder.mark()
    const { bytes } = builder
    builder.addSample(second, 1, 0, 2)
    builder.addHistogram(second, { at: 1, start: 0, count: 1, sum: 1, min: 1, max: 1, bounds: [], bucketCounts: [1] })
    builder.rollback(mark)
    expect([builder.rows, builder.bytes]).toEqual([1, bytes])
    builder.confirm()
    const later = new BlockBuilder(1, START + 1)
    later.addSample(second, 1, 0, 2)
    expect(builder.finish().series.map((s) => s.labels)).toEqual([{ n: '1' }])
    expect(later.finish().series.map((s) => s.labels)).toEqual([{ n: '2' }])
  })
})

test('a builder keeps every row while it grows', () => {
  const cache = new SeriesCache()
  const series = cache.resolve(1, definition())!
  const builder = new BlockBuilder(1, START)
  for (let i = 0; i < 1_000; i++) builder.addSample(series, i, i + 1, i + 2)
  const { samples } = builder.finish()
  const columns = [samples.at, samples.start, samples.value].map((column) => [...column])
  const numbers = (from: number) => Array.from({ length: 1_000 }, (_, i) => from + i)
  expect(columns).toEqual([numbers(0), numbers(1), numbers(2)])
  expect(new Set(samples.series)).toEqual(new Set([series.id]))
})

test('two series of one id are told apart, and only the first is taken', () => {
  const cache = new SeriesCache({
    digest: (identity) => [5, 0, identity.length, identity.charCodeAt(identity.length - 3)],
  })
  expect(cache.resolve(1, definition({ n: '1' }))?.id).toBe(5n)
  expect(cache.resolve(1, definition({ n: '2' }))).toBeNull()
  expect(cache.resolve(1, definition({ n: '1' }))?.id).toBe(5n)
  expect(cache.resolve(2, definition({ n: '2' }))?.id).toBe(5n)
})

test('ids are the same in every process', () => {
  expect(seriesId(definition({ b: '2', a: '1' }))).toBe(seriesId(definition({ a: '1', b: '2' })))
  // Changing how ids are made would orphan every stored sample.
  expect(seriesId({ ...definition({ 'service.name': 'shop' }), metric: 'requests' })).toBe('17873489244037421049')
})
