import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HyperLogLog } from './hyper-log-log.ts'
import { Refused } from './refused.ts'
import { SeriesCache } from './series-cache.ts'
import type { CachedSeries } from './cached-series.ts'
import { seriesId } from './series-id.ts'
import { SeriesTable } from './series-table.ts'

const START = 1_800_000_000_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const definition = (metric: string, labels: Record<string, string> = {}) => ({
  metric,
  kind: 'gauge' as const,
  temporality: 'unspecified' as const,
  monotonic: false,
  unit: '',
  description: '',
  labels,
})
const limits = { maxActiveSeries: 3, maxNewSeriesPerMinute: 2 }

describe('series of a workspace', () => {
  const admit = (cache: SeriesCache, name: string, at: number, workspace = 1) =>
    cache.admit(workspace, definition('m', { name }), at, limits)

  test('have the id of their identity', () => {
    const series = admit(new SeriesCache(), 'a', START) as CachedSeries
    expect(series.id.toString()).toBe(seriesId(definition('m', { name: 'a' })))
  })

  test('are refused beyond as many new ones a minute as allowed; known ones and other workspaces go on', () => {
    const cache = new SeriesCache()
    const outcomes = ['a', 'b', 'c'].map((name) => admit(cache, name, START))
    expect(outcomes.map((o) => o instanceof Refused)).toEqual([false, false, true])
    expect(outcomes[2]).toMatchObject({ reason: 'new_series_limit', text: expect.stringContaining('2 new series') })
    expect(admit(cache, 'a', START + 1)).not.toBeInstanceOf(Refused)
    expect(admit(cache, 'c', START, 2)).not.toBeInstanceOf(Refused)
    expect(admit(cache, 'c', START + MINUTE)).not.toBeInstanceOf(Refused)
  })

  test('are refused beyond as many active ones as allowed, until others have been silent for two hours', () => {
    const cache = new SeriesCache()
    for (const [i, name] of ['a', 'b', 'c'].entries()) admit(cache, name, START + i * MINUTE)
    const refused = admit(cache, 'd', START + 3 * MINUTE)
    expect(refused).toMatchObject({ reason: 'series_limit', text: expect.stringContaining('3 active series') })
    admit(cache, 'a', START + HOUR)
    expect(cache.statistics(1, START + HOUR).activeSeries).toBe(3)
    // All entries are looked at within ten minutes.
    for (let at = START + 2 * HOUR; at <= START + 2 * HOUR + 15 * MINUTE; at += MINUTE) admit(cache, 'a', at)
    expect(cache.statistics(1, START + 3 * HOUR).activeSeries).toBe(1)
    expect(admit(cache, 'd', START + 2 * HOUR + 16 * MINUTE)).not.toBeInstanceOf(Refused)
  })

  test('are counted by metric and by values of labels', () => {
    const cache = new SeriesCache()
    for (let i = 0; i < 2_000; i++)
      cache.admit(1, definition(i % 4 === 0 ? 'rare' : 'often', { id: String(i), zone: `z${i % 3}` }), START)
    const { activeSeries, topMetrics, topLabels, newSeriesThisMinute } = cache.statistics(1, START)
    expect([activeSeries, newSeriesThisMinute]).toEqual([2_000, 2_000])
    expect(topMetrics).toEqual([
      { metric: 'often', series: 1_500 },
      { metric: 'rare', series: 500 },
    ])
    expect(topLabels.map(({ label }) => label)).toEqual(['id', 'zone'])
    expect(topLabels[1]!.values).toBe(3)
    expect(Math.abs(topLabels[0]!.values / 2_000 - 1)).toBeLessThan(0.12)
    expect(cache.statistics(2, START)).toMatchObject({ activeSeries: 0, topMetrics: [], topLabels: [] })
  })

  test('only the ten that cost most are told', () => {
    const cache = new SeriesCache()
    for (let i = 0; i < 30; i++)
      for (let j = 0; j <= i; j++) cache.admit(1, definition(`m${i}`, { [`l${i}`]: String(j) }), START)
    const { topMetrics, topLabels } = cache.statistics(1, START)
    expect(topMetrics.map(({ metric }) => metric)).toEqual(Array.from({ length: 10 }, (_, i) => `m${29 - i}`))
    expect(topLabels.length).toBe(10)
  })

  test('beyond the limit of all the longest silent are forgotten, and come back as new ones to be announced', () => {
    const cache = new SeriesCache({ limit: 100 })
    const of = (i: number, at: number) => cache.resolve(1, definition('m', { i: String(i) }), at)!
    const first = of(0, START)
    first.announced(START)
    expect(of(0, START).isDue(START + 1)).toBe(false)
    for (let i = 1; i <= 300; i++) of(i, START + i * 1_000)
    expect(cache.size).toBeLessThanOrEqual(100)
    expect(of(0, START + 301_000).isDue(START + 301_000)).toBe(true)
    // Who keeps a series longer than the cache does still knows when it was announced.
    expect(first.isDue(START + 301_000)).toBe(false)
  })

  test('take little memory and no texts', () => {
    const cache = new SeriesCache()
    for (let i = 0; i < 50_000; i++) cache.resolve(1, definition('m', { i: String(i) }), START)
    expect(cache.size).toBe(50_000)
    expect(cache.bytes / cache.size).toBeLessThan(64)
  })
})

describe('the announcements of many series that appeared together', () => {
  test('spread over a quarter of the interval', () => {
    const cache = new SeriesCache()
    const all = Array.from({ length: 1_000 }, (_, i) => cache.resolve(1, definition('m', { i: String(i) }), START)!)
    for (const series of all) series.announced(START)
    const due = (minutes: number) => all.filter((series) => series.isDue(START + minutes * MINUTE)).length
    expect([due(29), due(45)]).toEqual([0, 1_000])
    expect(Math.abs(due(37.5) - 500)).toBeLessThan(100)
  })
})

test('a table finds exactly what was added and not removed, however much it grew', () => {
  const step = fc.record({ workspace: fc.nat({ max: 2 }), id: fc.nat({ max: 60 }), remove: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const table = new SeriesTable()
      const known = new Map<string, number>()
      const metric = table.metricNumber({ metric: 'm', series: 0 })
      // A series that is never removed keeps the metric's number.
      table.add(9, [9, 9, 9, 9], metric)
      for (const { workspace, id, remove } of steps) {
        const key = `${workspace},${id}`
        // Low words collide in the index on purpose.
        const [low, high] = [(id % 7) * 1_024, id]
        const entry = table.find(workspace, low, high)
        expect(entry).toBe(known.get(key) ?? -1)
        if (entry < 0) known.set(key, table.add(workspace, [low, high, 1, 2], metric))
        else if (remove) {
          table.remove(entry)
          known.delete(key)
        }
        expect(table.size).toBe(known.size + 1)
      }
    }),
  )
})

test.each([1, 10, 100, 1_000, 20_000])('an estimate of %i different texts is near', (count) => {
  const [one, other] = [new HyperLogLog(), new HyperLogLog()]
  for (let i = 0; i < count; i++) for (let again = 0; again < 2; again++) (i % 2 ? one : other).add(`value-${i}`)
  expect(Math.abs(one.estimate(other) - count)).toBeLessThanOrEqual(0.12 * count)
})
