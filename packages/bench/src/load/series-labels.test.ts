import { expect, test } from 'vitest'
import { benchSeries } from './series-labels.ts'

test('series are distinct, 60 % of them counters, a fifth gauges, a fifth constant', () => {
  const all = Array.from({ length: 20_000 }, (_, i) => benchSeries(i))
  expect(new Set(all.map((s) => JSON.stringify([s.metric, s.pod, s.own]))).size).toBe(20_000)
  const share = (kind: string) => all.filter((s) => s.kind === kind).length / all.length
  expect([share('counter'), share('gauge'), share('constant')]).toEqual([0.6, 0.2, 0.2])
})
