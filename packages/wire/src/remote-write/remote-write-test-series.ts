import * as fc from 'fast-check'
import { bitsOf, type TestSeries } from './remote-write-test-messages.ts'
import { NOW } from './remote-write-test-read.ts'

const label = fc.tuple(fc.constantFrom('__name__', 'a', 'b', ''), fc.constantFrom('m', 'x_total', '', 'ü'))
const faulty = fc.array(label, { maxLength: 4 }).map((labels): [string, string][] => [['__name__', 'm'], ...labels])
const valid = fc
  .record({ name: fc.constantFrom('m', 'x_total', 'h_bucket'), a: fc.constantFrom('1', '2', 'ü'), b: fc.boolean() })
  .map(({ name, a, b }): [string, string][] => [
    ['__name__', name],
    ['a', a],
    ...(b ? [['b', 'x'] as [string, string]] : []),
  ])
const labels = fc.oneof({ weight: 4, arbitrary: valid }, { weight: 1, arbitrary: faulty })
const side = fc.record({
  spans: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 0, maxLength: 4 }).map((s) => s.slice(0, s.length & ~1)),
  deltas: fc.array(fc.integer({ min: -2, max: 5 }), { maxLength: 4 }),
  counts: fc.array(fc.double({ min: 0, max: 9 }), { maxLength: 2 }),
})
const series: fc.Arbitrary<TestSeries> = fc.record({
  labels,
  samples: fc.array(fc.record({ at: fc.constantFrom(NOW, NOW, NOW - 1, NOW - 2, 0), bits: fc.double().map(bitsOf) }), {
    maxLength: 3,
  }),
  histograms: fc.array(
    fc.record({
      at: fc.constantFrom(NOW, 0),
      isFloat: fc.boolean(),
      count: fc.nat({ max: 9 }),
      sum: fc.double(),
      schema: fc.constantFrom(-53, -4, 0, 8, 60),
      zeroCount: fc.nat({ max: 2 }),
      positive: side,
      negative: side,
      customValues: fc.array(fc.double(), { maxLength: 3 }),
    }),
    { maxLength: 2 },
  ),
  exemplars: fc.array(
    fc.record({ labels: fc.array(label, { maxLength: 2 }), at: fc.constant(NOW), value: fc.double() }),
    {
      maxLength: 2,
    },
  ),
  type: fc.nat({ max: 9 }),
  unit: fc.constantFrom('', 's'),
})
/** Series with every kind of value, many faulty. */
export const testSeries = fc.array(series, { maxLength: 3 })
