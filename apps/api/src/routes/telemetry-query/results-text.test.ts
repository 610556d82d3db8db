import { queryMetric, queryQuantiles } from '@nines/contracts'
import { expect, test } from 'vitest'
import { resultsText } from './results-text.ts'

const grid = { from: 1_000, step: 60_000, count: 4 }
const values = Float64Array.of(0.1, NaN, -Infinity, 1e21)

test('results are written as the routes promise them, null where there is no finite one', () => {
  const metric = JSON.parse(resultsText(grid, [{ labels: { a: 'é"\n' }, values }], { source: 'raw' }))
  expect(metric).toEqual({
    instants: { from: 1_000, stepMs: 60_000, count: 4 },
    series: [{ labels: { a: 'é"\n' }, values: [0.1, null, null, 1e21] }],
    source: 'raw',
  })
  expect(queryMetric.response.parse(metric)).toEqual(metric)
  const quantiles = JSON.parse(resultsText(grid, [{ labels: {}, quantile: 0.5, values }]))
  expect(queryQuantiles.response.parse(quantiles)).toEqual(quantiles)
})
