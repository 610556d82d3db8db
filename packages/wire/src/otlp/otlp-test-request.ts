import * as fc from 'fast-check'
import type { TestMetric, TestRequest } from './otlp-test-messages.ts'
import { attributes, exponentialPoint, histogramPoint, numberPoint, summaryPoint } from './otlp-test-points.ts'

const temporality = fc.constantFrom(0, 1, 2, 2, 2, 7)
const metric: fc.Arbitrary<TestMetric> = fc.record({
  name: fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom('m', 'n') },
    { weight: 10, arbitrary: fc.string({ unit: 'grapheme', maxLength: 5 }) },
    { weight: 2, arbitrary: fc.constantFrom('', 'n'.repeat(257)) },
  ),
  unit: fc.constantFrom('', 's', 'By'),
  description: fc.constantFrom('', 'what it is'),
  data: fc.oneof(
    fc.record({ kind: fc.constant('gauge' as const), points: fc.array(numberPoint, { maxLength: 6 }) }),
    fc.record({
      kind: fc.constant('sum' as const),
      points: fc.array(numberPoint, { maxLength: 6 }),
      temporality,
      monotonic: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('histogram' as const),
      points: fc.array(histogramPoint, { maxLength: 4 }),
      temporality,
    }),
    fc.record({
      kind: fc.constant('exponentialHistogram' as const),
      points: fc.array(exponentialPoint, { maxLength: 4 }),
      temporality,
    }),
    fc.record({ kind: fc.constant('summary' as const), points: fc.array(summaryPoint, { maxLength: 3 }) }),
    fc.constant(null),
  ),
})

/** Requests of all kinds of metrics, with many points that must be rejected among them. */
export const testRequest: fc.Arbitrary<TestRequest> = fc.array(
  fc.record({
    attributes: fc.option(attributes),
    scopes: fc.array(
      fc.record({
        name: fc.constantFrom('', 'lib', 'other'),
        metrics: fc.array(metric, { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  { maxLength: 3 },
)
