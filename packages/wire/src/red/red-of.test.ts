import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import type { TableBlock } from '../block/table-block.ts'
import { tableBuilder } from '../block/table-rows-of-block.ts'
import { rowsOf } from '../block/table-test-rows.ts'
import type { ColumnTable } from '../columns/column-table.ts'
import { TracesNormaliser } from '../otlp/traces-normaliser.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { bucketOf } from './duration-buckets.ts'
import { redOf } from './red-of.ts'
import { RedOperations } from './red-operations.ts'

const NOW = 1_800_000_000_000
const MINUTE = 60_000

interface TestSpan {
  service: string
  name: string
  kind?: number
  status?: number
  /** Milliseconds from NOW. */
  start?: number
  /** Nanoseconds. */
  duration: number
}

function tableOf(spans: readonly TestSpan[]): ColumnTable {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new TracesNormaliser(builder, NOW)
  for (const [i, { service, name, kind = 2, status = 0, start = 0, duration }] of spans.entries()) {
    const { source, span } = normaliser
    source.begin(Buffer.alloc(0))
    source.endResource(service)
    source.endScope()
    span.begin(Buffer.alloc(0))
    span.traceId.setHex((i + 1).toString(16).padStart(32, '0'))
    span.spanId.setHex((i + 1).toString(16).padStart(16, '0'))
    span.name.setText(name)
    span.kind = kind
    span.statusCode = status
    const at = BigInt(NOW + start) * 1_000_000n
    span.start.setBigint(at)
    span.end.setBigint(at + BigInt(duration))
    normaliser.add()
  }
  expect(normaliser.outcome().rejected).toBe(0)
  return builder.finish().tables.get('spans') ?? tableBuilder('spans').finish()
}

function derive(
  tables: ColumnTable[],
  operations = new RedOperations(new SeriesCache()),
  now = NOW,
  batchAt = NOW + 3_000,
): TableBlock {
  const builder = new BlockBuilder(7, now, { announceEveryMs: 0 })
  redOf(tables, builder, operations, batchAt)
  return builder.finish()
}

/** Labels of a series by its id. */
function seriesOf(block: TableBlock): Map<string, { metric: string; labels: Record<string, string> }> {
  return new Map(block.series.map(({ id, metric, labels }) => [id, { metric, labels }]))
}

/** Calls by span name. */
function callsByName(block: TableBlock): Record<string, number> {
  const series = seriesOf(block)
  const calls: Record<string, number> = {}
  for (const [i, id] of block.samples.series.entries()) {
    const name = series.get(String(id))!.labels['span.name']!
    calls[name] = (calls[name] ?? 0) + block.samples.value[i]!
  }
  return calls
}

const span: TestSpan = { service: 'shop', name: 'GET /', duration: 2e9 }

describe('RED of spans', () => {
  test('are calls and durations of each operation, kind and status', () => {
    const block = derive([tableOf([span, { ...span, duration: 1e9 }, { ...span, status: 2, duration: 5e8 }])])
    expect(block.series.map(({ metric, labels }) => [metric, labels])).toEqual([
      ['traces.span.metrics.calls', labels('STATUS_CODE_UNSET')],
      ['traces.span.metrics.duration', labels('STATUS_CODE_UNSET')],
      ['traces.span.metrics.calls', labels('STATUS_CODE_ERROR')],
      ['traces.span.metrics.duration', labels('STATUS_CODE_ERROR')],
    ])
    expect(block.series[0]).toMatchObject({ kind: 'sum', temporality: 'delta', monotonic: true })
    expect(block.series[1]).toMatchObject({ kind: 'exponential_histogram', temporality: 'delta', unit: 's' })
    expect([...block.samples.value]).toEqual([2, 1])
    expect([...block.samples.at]).toEqual([NOW + 3_000, NOW + 3_000])
    expect(block.exponentialHistograms).toMatchObject([
      {
        at: NOW + 3_000,
        start: NOW,
        count: 2,
        sum: 3,
        min: 1,
        max: 2,
        scale: 3,
        zeroCount: 0,
        // (base^-1, base^0] holds one second, (base^7, base^8] two.
        positiveOffset: -1,
        positiveCounts: [1, 0, 0, 0, 0, 0, 0, 0, 1],
      },
      { count: 1, sum: 0.5, positiveOffset: -9, positiveCounts: [1] },
    ])
  })

  function labels(status: string) {
    return { 'service.name': 'shop', 'span.name': 'GET /', 'span.kind': 'SPAN_KIND_SERVER', 'status.code': status }
  }

  test('lead to the slowest spans', () => {
    const durations = [5, 1, 9, 7, 3]
    const block = derive([tableOf(durations.map((seconds) => ({ ...span, duration: seconds * 1e9 })))])
    const id = (n: number, digits: number) => String(n).padStart(digits, '0')
    expect(rowsOf(block.tables.get('exemplars'))).toMatchObject([
      { at: BigInt(NOW + 9_000), value: 9, trace_id: id(3, 32), span_id: id(3, 16) },
      { at: BigInt(NOW + 7_000), value: 7, trace_id: id(4, 32), span_id: id(4, 16) },
    ])
  })

  test('count a span in the minute in which it ended', () => {
    const ends = [MINUTE - 1, MINUTE, 2 * MINUTE - 1]
    const block = derive([tableOf(ends.map((end) => ({ ...span, start: end - 1, duration: 1e6 })))])
    expect([...block.samples.start]).toEqual([NOW, NOW + MINUTE])
    expect([...block.samples.value]).toEqual([1, 2])
  })

  test('have an instant of their batch in the minute of their spans, so that no two batches share a point', () => {
    const table = tableOf([span])
    const atOf = (batchAt: number) => derive([table], undefined, NOW, batchAt).samples.at[0]!
    expect([atOf(NOW + 1), atOf(NOW + MINUTE)]).toEqual([NOW + 1, NOW + MINUTE])
    const late = Array.from({ length: 1_000 }, (_, i) => atOf(NOW + MINUTE + 700 * (i + 1)))
    expect(new Set(late).size).toBe(1_000)
    expect(Math.min(...late)).toBeGreaterThan(NOW)
    expect(Math.max(...late)).toBeLessThanOrEqual(NOW + MINUTE)
  })

  test('end behind their start also where a span ends as the minute begins', () => {
    const block = derive([tableOf([{ ...span, duration: 0 }])])
    expect([block.samples.start[0], block.samples.at[0]]).toEqual([NOW, NOW + 3_000])
    expect(block.exponentialHistograms).toMatchObject([{ zeroCount: 1, positiveCounts: [], sum: 0, min: 0, max: 0 }])
  })

  test('of spans without a service have no label for it', () => {
    const block = derive([tableOf([{ ...span, service: '' }])])
    expect(block.series[0]!.labels).not.toHaveProperty('service.name')
  })

  test('are none of no spans', () => {
    expect(derive([]).tables.size).toBe(0)
  })
})

describe('names beyond the limit', () => {
  const operations = () => new RedOperations(new SeriesCache(), { services: 2, operations: 3 })
  const named = (names: string[]) => tableOf(names.map((name) => ({ ...span, name })))

  test('count as one operation, and lose no call', () => {
    const block = derive([named(['a', 'b', 'c', 'd', 'e', 'a', 'd'])], operations())
    expect(callsByName(block)).toEqual({ a: 2, b: 1, c: 1, _other: 3 })
  })

  test('are the same in later batches', () => {
    const known = operations()
    derive([named(['a', 'b', 'c', 'd'])], known)
    expect(callsByName(derive([named(['d', 'a', 'e'])], known))).toEqual({ a: 1, _other: 2 })
  })

  test('get a place when an operation was not seen for a day', () => {
    const known = operations()
    const day = 86_400_000
    derive([named(['a', 'b', 'c'])], known)
    derive([named(['a', 'b'])], known, NOW + day)
    expect(callsByName(derive([named(['d', 'e', 'c'])], known, NOW + day + 1))).toEqual({ d: 1, _other: 2 })
  })

  test('of services count as one service', () => {
    const table = tableOf(['s1', 's2', 's3', 's4'].map((service) => ({ ...span, service })))
    const services = derive([table], operations()).series.map(({ labels }) => labels['service.name'])
    expect(new Set(services)).toEqual(new Set(['s1', 's2', '_other']))
  })
})

describe('the bucket of a duration', () => {
  test.each([
    [1e9, -1],
    [1e9 + 1, 0],
    [2e9, 7],
    [5e8, -9],
    [1, bucketOf(1)],
    [2 ** 64, bucketOf(2 ** 64)],
  ])('of %d ns is %i', (nanos, index) => {
    expect(bucketOf(nanos)).toBe(index)
    const seconds = nanos / 1e9
    expect(2 ** ((index + 1) / 8)).toBeGreaterThanOrEqual(seconds * (1 - 1e-12))
    expect(2 ** (index / 8)).toBeLessThan(seconds * (1 + 1e-12))
  })
})

/** Calls, sums and buckets of all batches by series and minute. */
function totals(blocks: TableBlock[]) {
  const calls = new Map<string, number>()
  const durations = new Map<string, { count: number; sum: number; zero: number; buckets: Record<number, number> }>()
  for (const block of blocks) {
    const { series, start, value } = block.samples
    for (const [i, id] of series.entries()) {
      const key = `${id} ${start[i]}`
      calls.set(key, (calls.get(key) ?? 0) + value[i]!)
    }
    for (const row of block.exponentialHistograms) {
      const key = `${row.series} ${row.start}`
      const total = durations.get(key) ?? { count: 0, sum: 0, zero: 0, buckets: {} }
      durations.set(key, total)
      total.count += row.count
      total.sum += row.sum
      total.zero += row.zeroCount
      for (const [i, count] of row.positiveCounts.entries()) {
        const index = row.positiveOffset + i
        if (count > 0) total.buckets[index] = (total.buckets[index] ?? 0) + count
      }
    }
  }
  return { calls, durations }
}

const testSpan = fc.record({
  service: fc.constantFrom('', 'a', 'bä'),
  name: fc.constantFrom('', 'GET /', 'POST /', 'x'.repeat(200)),
  kind: fc.nat({ max: 5 }),
  status: fc.nat({ max: 2 }),
  start: fc.integer({ min: -3 * MINUTE, max: MINUTE }),
  duration: fc.oneof(fc.constantFrom(0, 1), fc.nat({ max: 1e9 }), fc.integer({ min: 0, max: 1e11 })),
})

describe('RED of any spans', { timeout: 120_000 }, () => {
  test('add up to the same in any split into batches and tables', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(testSpan, fc.nat({ max: 2 }), fc.nat({ max: 1 })), { maxLength: 40 }), (given) => {
        const whole = totals([derive([tableOf(given.map(([one]) => one))])])
        const operations = new RedOperations(new SeriesCache())
        const batches = [0, 1, 2].map((batch) =>
          [0, 1].map((table) => tableOf(given.filter(([, b, t]) => b === batch && t === table).map(([one]) => one))),
        )
        const parts = totals(batches.map((tables) => derive(tables, operations)))
        expect(parts.calls).toEqual(whole.calls)
        expect(new Set(parts.durations.keys())).toEqual(new Set(whole.durations.keys()))
        for (const [key, { sum, ...rest }] of whole.durations) {
          const { sum: partSum, ...partRest } = parts.durations.get(key)!
          expect(partRest).toEqual(rest)
          expect(Math.abs(partSum - sum)).toBeLessThanOrEqual(1e-12 * sum)
        }
        const calls = [...whole.calls.values()].reduce((a, b) => a + b, 0)
        expect(calls).toBe(given.length)
      }),
      { numRuns: 300 },
    )
  })
})
