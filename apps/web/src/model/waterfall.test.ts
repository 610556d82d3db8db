import { describe, expect, test } from 'vitest'
import { serviceColours } from './service-colours.ts'
import { ancestorIds, criticalMillis, layOutTrace, visibleRows, type TraceSpan } from './waterfall.ts'

const START = Date.parse('2026-03-01T12:00:00Z')

/** A span from `from` to `to`, ms after the start, possibly in fractions. */
function span(
  spanId: string,
  parentSpanId: string,
  from: number,
  to: number,
  more: Partial<TraceSpan> = {},
): TraceSpan {
  const whole = Math.floor(from)
  const nanos = Math.round((from - whole) * 1e6)
  const startedAt = new Date(START + whole).toISOString().replace('Z', `${String(nanos).padStart(6, '0')}Z`)
  return {
    spanId,
    parentSpanId,
    name: spanId,
    service: 'shop',
    kind: 1,
    startedAt,
    durationMs: to - from,
    status: 'unset',
    statusMessage: '',
    attributes: {},
    resource: {},
    scopeName: '',
    events: [],
    links: [],
    ...more,
  }
}

const shape = (spans: TraceSpan[]) => layOutTrace(spans).rows.map(({ span: { spanId }, depth }) => [spanId, depth])

describe('the layout of a trace', () => {
  const checkout = [
    span('pay', 'order', 60, 90, { status: 'error', service: 'payments' }),
    span('buy', '', 0, 100),
    span('stock', 'order', 20.25, 50.5),
    span('order', 'buy', 10, 95, { service: 'checkout' }),
  ]

  test('is depth first, siblings by their start, whatever the order of arrival', () => {
    expect(shape(checkout)).toEqual([
      ['buy', 0],
      ['order', 1],
      ['stock', 2],
      ['pay', 2],
    ])
  })

  test('holds times to the nanosecond from the start of the trace', () => {
    const { rows, durationMs } = layOutTrace(checkout)
    expect(durationMs).toBe(100)
    expect(rows[2]).toMatchObject({ startMs: 20.25, durationMs: 30.25 })
  })

  test('counts what lies below a span, and what failed there', () => {
    const [buy, order, stock] = layOutTrace(checkout).rows
    expect(buy).toMatchObject({ children: 1, descendants: 3, errorsBelow: 1 })
    expect(order).toMatchObject({ children: 2, descendants: 2, errorsBelow: 1 })
    expect(stock).toMatchObject({ children: 0, descendants: 0, errorsBelow: 0 })
    expect(layOutTrace(checkout).services).toEqual(['shop', 'checkout', 'payments'])
  })

  test('hides what lies below closed spans', () => {
    const { rows } = layOutTrace(checkout)
    expect(visibleRows(rows, new Set(['order'])).map(({ span }) => span.spanId)).toEqual(['buy', 'order'])
    expect(visibleRows(rows, new Set())).toHaveLength(4)
    expect(ancestorIds(rows, 'pay')).toEqual(['order', 'buy'])
  })

  test('keeps spans whose parent never came, marked, after the roots', () => {
    const { rows } = layOutTrace([span('lost', 'nowhere', 0, 5), span('root', '', 1, 9)])
    expect(rows.map(({ span, isOrphan }) => [span.spanId, isOrphan])).toEqual([
      ['root', false],
      ['lost', true],
    ])
  })

  test('shows every span of a ring of parents once', () => {
    expect(shape([span('a', 'b', 0, 5), span('b', 'a', 1, 4), span('self', 'self', 2, 3)])).toHaveLength(3)
  })

  test('takes a trace deeper than calls may nest', () => {
    const deep = Array.from({ length: 20_000 }, (_, i) => span(`s${i}`, i === 0 ? '' : `s${i - 1}`, 0, 1))
    expect(layOutTrace(deep).rows.at(-1)).toMatchObject({ depth: 19_999 })
  })
})

describe('the critical path', () => {
  const waits = (spans: TraceSpan[]) =>
    Object.fromEntries(layOutTrace(spans).rows.map((row) => [row.span.spanId, criticalMillis(row)]))

  test('adds up to the duration of the root', () => {
    const found = waits([span('root', '', 0, 100), span('a', 'root', 10, 40), span('b', 'root', 50, 90)])
    expect(found).toEqual({ root: 30, a: 30, b: 40 })
  })

  test('of parallel children the one that finished last was waited for', () => {
    const found = waits([span('root', '', 0, 100), span('quick', 'root', 0, 60), span('slow', 'root', 0, 100)])
    expect(found).toEqual({ root: 0, quick: 0, slow: 100 })
  })

  test('work that goes on after the parent ended delays nobody', () => {
    expect(waits([span('root', '', 0, 50), span('async', 'root', 40, 400)])).toEqual({ root: 40, async: 10 })
  })
})

test('each service has a colour of its own, in their order', () => {
  const colours = serviceColours(['b', 'a', 'b'])
  expect([...colours]).toEqual([
    ['b', 'var(--service-1)'],
    ['a', 'var(--service-2)'],
  ])
})
