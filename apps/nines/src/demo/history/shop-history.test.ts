import { describe, expect, it } from 'vitest'
import { LATENCY_BOUNDS_SECONDS } from '../shop/shop-routes.ts'
import { pastTroubles } from './past-troubles.ts'
import { MINUTE_MS, shopHistory, type HistorySeries } from './shop-history.ts'

const END = Date.UTC(2026, 2, 1)
const DAY_MS = 86_400_000
const collect = (days: number, chunkMinutes: number) => {
  const byKey = new Map<string, HistorySeries>()
  for (const chunk of shopHistory(END - days * DAY_MS, END, pastTroubles(END), chunkMinutes)) {
    for (const series of chunk) {
      const key = `${series.route.service} ${series.route.route} ${series.statusCode}`
      const known = byKey.get(key)
      if (known) known.points.push(...series.points)
      else byKey.set(key, { ...series, points: [...series.points] })
    }
  }
  return byKey
}

describe('shopHistory', () => {
  it('is the same whenever and however it is cut', () => {
    expect(collect(2, 360)).toEqual(collect(2, 97))
  })

  it('gives running totals, a point a minute, with buckets that add up', () => {
    const orders = collect(1, 360).get('checkout /orders 201')?.points ?? []
    expect(orders).toHaveLength(1440)
    for (const [index, point] of orders.entries()) {
      const before = orders[index - 1]
      expect(point.at - (before?.at ?? END - DAY_MS)).toBe(MINUTE_MS)
      expect(point.bucketCounts).toHaveLength(LATENCY_BOUNDS_SECONDS.length + 1)
      expect(point.bucketCounts.reduce((sum, count) => sum + count)).toBe(point.count)
      if (before) expect(point.bucketCounts.every((count, b) => count >= (before.bucketCounts[b] ?? 0))).toBe(true)
    }
  })

  it('has busy days and quiet nights', () => {
    const orders = collect(7, 360).get('checkout /orders 201')?.points ?? []
    const perHour = (hour: number) => {
      const from = orders.find((point) => point.at === END - 3 * DAY_MS + hour * 60 * MINUTE_MS)
      const to = orders.find((point) => point.at === END - 3 * DAY_MS + (hour + 1) * 60 * MINUTE_MS)
      return (to?.count ?? NaN) - (from?.count ?? NaN)
    }
    expect(perHour(15)).toBeGreaterThan(perHour(3) * 1.6)
  })

  it('leaves every service with some of its monthly budget, and spends some', () => {
    const history = collect(30, 360)
    for (const route of ['checkout /orders', 'payments /charges']) {
      const good = history.get(`${route} 201`)?.points.at(-1)?.count ?? 0
      const bad = history.get(`${route} 500`)?.points.at(-1)?.count ?? 0
      const spent = bad / (good + bad) / 0.001
      expect(spent).toBeGreaterThan(0.1)
      expect(spent).toBeLessThan(0.8)
    }
    const orders = history.get('checkout /orders 201')?.points.at(-1)
    const within = orders?.bucketCounts.slice(0, LATENCY_BOUNDS_SECONDS.indexOf(0.3) + 1) ?? []
    const slowShare = 1 - within.reduce((sum, count) => sum + count, 0) / (orders?.count ?? NaN)
    expect(slowShare / 0.01).toBeGreaterThan(0.2)
    expect(slowShare / 0.01).toBeLessThan(0.8)
  })
})
