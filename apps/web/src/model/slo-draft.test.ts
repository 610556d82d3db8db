import type { SloSuggestion } from '@nines/contracts'
import { expect, test } from 'vitest'
import { draftOfSuggestion, parseDraft } from './slo-draft.ts'

const suggestion = {
  name: 'Checkout answers within 300 ms',
  slug: 'checkout-latency',
  description: 'Share of requests within 300 ms.',
  sli: { kind: 'latency', histogram: { metric: 'duration', matchers: [] }, threshold: 0.3 },
  target: 0.99,
  window: { kind: 'rolling', days: 30 },
  warnings: ['not part of it'],
} as unknown as SloSuggestion

test('what a suggestion says comes back from the address', () => {
  const { warnings: _warnings, ...rest } = suggestion
  expect(parseDraft(draftOfSuggestion(suggestion, 'svc_1'))).toEqual({ ...rest, serviceId: 'svc_1' })
})

test.each([undefined, '', 'nonsense', 'null', '[]', '{}', JSON.stringify({ ...suggestion, target: 2 })])(
  '%s is no draft',
  (text) => {
    expect(parseDraft(text)).toBeNull()
  },
)
