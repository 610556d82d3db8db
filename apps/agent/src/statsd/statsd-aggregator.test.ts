import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStatsdLine } from './parse-statsd-line.ts'
import { StatsdAggregator, type Added, type AggregatorOptions } from './statsd-aggregator.ts'
import type { StatsdSeries } from './statsd-series.ts'

const START = 1_000_000
const END = START + 10_000

function aggregator(options: Partial<AggregatorOptions> = {}) {
  const limits = { startMs: START, maxSeries: 1000, maxSetMembers: 1000, gaugeKeepMs: 60_000, ...options }
  const target = new StatsdAggregator(limits)
  const add = (line: string, now = START): Added => {
    const message = parseStatsdLine(line)
    if (message.kind !== 'metric') throw new Error(`${line} is no metric`)
    return target.add(message, now)
  }
  return { add, flush: (now = END) => target.flush(now) }
}
function summed(lines: readonly string[]): StatsdSeries[] {
  const { add, flush } = aggregator()
  for (const line of lines) add(line)
  return flush()
}

describe('StatsdAggregator', () => {
  it('sums counters up by name and tags, whatever the order of the tags', () => {
    expect(summed(['m:1|c|#a:1,b:2', 'm:2:3|c|#b:2,a:1', 'm:1|c|@0.1|#a:1,b:2', 'm:7|c'])).toMatchObject([
      {
        kind: 'counter',
        value: 16,
        tags: [
          ['a', '1'],
          ['b', '2'],
        ],
        startMs: START,
        endMs: END,
      },
      { kind: 'counter', value: 7, tags: [] },
    ])
  })

  it('sets a gauge and changes it', () => {
    expect(summed(['g:10|g', 'g:-3|g', 'g:+5.5|g'])).toMatchObject([{ kind: 'gauge', value: 12.5 }])
    expect(summed(['g:10:-4|g'])).toMatchObject([{ value: 6 }])
    expect(summed(['g:-3|g'])).toMatchObject([{ value: -3 }])
    expect(summed(['g:-3|g', 'g:0|g'])).toMatchObject([{ value: 0 }])
  })

  it('keeps a gauge until nobody sets it any more, and nothing else', () => {
    const { add, flush } = aggregator({ gaugeKeepMs: 15_000 })
    for (const line of ['g:4|g', 'c:1|c', 't:1|ms', 's:x|s']) add(line)
    expect(flush(START + 10_000)).toHaveLength(4)
    expect(flush(START + 15_000)).toMatchObject([{ kind: 'gauge', value: 4, startMs: START + 10_000 }])
    add('g:+1|g', START + 15_000)
    expect(flush(START + 30_000)).toMatchObject([{ value: 5 }])
    expect(flush(START + 30_001)).toEqual([])
  })

  it('counts the distinct members of a set', () => {
    expect(summed(['s:a|s', 's:b|s', 's:a|s', 's:a:b|s'])).toMatchObject([{ kind: 'gauge', value: 3 }])
  })

  it('knows timers, histograms and distributions apart', () => {
    const series = summed(['t:5|ms', 't:5|h|@0.5', 't:5|d'])
    expect(series).toMatchObject([
      { kind: 'histogram', unit: 'ms', value: { count: 1, sum: 5 } },
      { kind: 'histogram', unit: '', value: { count: 2, sum: 10 } },
      { kind: 'histogram', unit: '', value: { count: 1, sum: 5 } },
    ])
  })

  it("keeps a sender's timestamp", () => {
    expect(summed(['m:1|c|T1000', 'm:2|c|T1000', 'm:4|c|T1001', 'm:8|c', 'g:3|g|T1000', 'g:+1|g|T1000'])).toMatchObject(
      [
        { value: 8, startMs: START },
        { kind: 'counter', value: 3, startMs: 1_000_000, endMs: 1_001_000 },
        { kind: 'counter', value: 4, startMs: 1_001_000, endMs: 1_002_000 },
        { kind: 'gauge', value: 4, endMs: 1_000_000 },
      ],
    )
    expect(summed(['t:1|ms|T1000'])).toMatchObject([{ startMs: START, endMs: END }])
  })

  it('starts an interval where the last one ended, and never after its end', () => {
    const { add, flush } = aggregator()
    flush(END)
    add('m:1|c')
    expect(flush(END + 5)).toMatchObject([{ startMs: END, endMs: END + 5 }])
    add('m:1|c')
    expect(flush(END)).toMatchObject([{ startMs: END, endMs: END }])
  })

  it('takes no more series and members than it may, and goes on with those it knows', () => {
    const { add, flush } = aggregator({ maxSeries: 2, maxSetMembers: 2 })
    const lines = ['a:1|c', 's:x|s', 'b:1|c', 't:1|ms', 'a:1|c', 's:y|s', 's:z|s', 's:x|s']
    expect(lines.map((line) => add(line))).toEqual([
      'taken',
      'taken',
      'too_many_series',
      'too_many_series',
      'taken',
      'taken',
      'too_many_set_members',
      'taken',
    ])
    expect(flush()).toMatchObject([{ value: 2 }, { value: 2 }])
    expect(add('b:1|c')).toBe('taken')
  })
})

/** Sample rates whose inverse is a whole number, so that sums are exact in any order. */
const rate = fc.constantFrom(1, 0.5, 0.25, 0.125)
const sent = fc.record({
  name: fc.constantFrom('a', 'b'),
  type: fc.constantFrom('c', 'ms', 'h', 'd', 's'),
  values: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 3 }),
  rate,
  tag: fc.constantFrom('', '|#x:1', '|#x:2,y'),
})
type Sent = typeof sent extends fc.Arbitrary<infer T> ? T : never
const line = ({ name, type, values, rate, tag }: Sent) =>
  type === 's' ? `${name}:${values[0]}|s${tag}` : `${name}:${values.join(':')}|${type}|@${rate}${tag}`
const identify = ({ name, unit, kind, tags }: StatsdSeries) => JSON.stringify([name, unit, kind, tags])

describe('the sums', () => {
  it('equal a direct computation', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 60 }), (all) => {
        const series = summed(all.map(line))
        for (const [type, kind] of [
          ['c', 'counter'],
          ['s', 'gauge'],
          ['ms', 'histogram'],
        ] as const) {
          const mine = all.filter((one) => one.type === type)
          const got = series.filter((one) => one.kind === kind && (type !== 'ms' || one.unit === 'ms'))
          const groups = Map.groupBy(mine, (one) => one.name + one.tag)
          const direct = [...groups.values()].map((group) => {
            const weighed = group.flatMap(({ values, rate }) => values.map((value) => ({ value, weight: 1 / rate })))
            const sum = weighed.reduce((total, { value, weight }) => total + value * weight, 0)
            const count = weighed.reduce((total, { weight }) => total + weight, 0)
            if (type === 's') return new Set(group.map(({ values }) => values[0])).size
            return type === 'c' ? sum : { sum, count }
          })
          expect(got.map((one) => one.value)).toMatchObject(direct)
        }
      }),
    )
  })

  it('do not depend on the order of the lines', () => {
    const shuffled = fc
      .array(sent, { maxLength: 40 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const sorted = (all: Sent[]) =>
          summed(all.map(line)).sort((a, b) => identify(a).localeCompare(identify(b)) || kindOrder(a, b))
        const kindOrder = (a: StatsdSeries, b: StatsdSeries) =>
          JSON.stringify(a.value).localeCompare(JSON.stringify(b.value))
        expect(sorted(other)).toEqual(sorted(one))
      }),
    )
  })
})
