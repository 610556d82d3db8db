import { expect, test } from 'vitest'
import { urlOf } from './api-client.ts'
import { apiRoutes } from '@nines/contracts'

test('paths are filled and encoded, undefined query values left out', () => {
  expect(
    urlOf('/api/v1/slos/:id/history', {
      params: { id: 'a/b' },
      query: { from: '2026-01-01T00:00:00Z', to: undefined },
    }),
  ).toBe('/api/v1/slos/a%2Fb/history?from=2026-01-01T00%3A00%3A00Z')
  expect(urlOf('/api/v1/services', { query: {} })).toBe('/api/v1/services')
})

test('no route is left with an unfilled parameter', () => {
  for (const route of apiRoutes) expect(urlOf(route.path, { params: { id: 'x' } })).not.toContain(':')
})
