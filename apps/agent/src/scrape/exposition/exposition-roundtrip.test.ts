import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '@nines/kernel'
import { fuzzIterations, mutate } from '../../test-fixtures/mutate.fixture.ts'
import { ExpositionError } from './exposition-error.ts'
import type { ExposedSample, Label } from './exposition.ts'
import { parseExposition } from './parse-exposition.ts'
import { SeriesMemo } from './series-memo.ts'

type Format = 'text' | 'openmetrics'
type Printed = Pick<ExposedSample, 'name' | 'labels' | 'value' | 'timestampMs' | 'exemplar'>
const CONTENT_TYPES = { text: 'text/plain; version=0.0.4', openmetrics: 'application/openmetrics-text; version=1.0.0' }
const parse = (format: Format, text: string) => parseExposition(Buffer.from(text), CONTENT_TYPES[format])

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
const number = (value: number) =>
  Number.isFinite(value)
    ? Object.is(value, -0)
      ? '-0'
      : String(value)
    : value > 0
      ? '+Inf'
      : value < 0
        ? '-Inf'
        : 'NaN'
const plain = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const printLabels = (labels: readonly Label[]) =>
  labels.map(([name, value]) => `${plain.test(name) ? name : `"${escaped(name)}"`}="${escaped(value)}"`)
function print(format: Format, samples: readonly Printed[]): string {
  const time = (ms: number) => (format === 'text' ? String(ms) : (ms / 1000).toFixed(3))
  const lines = samples.map(({ name, labels, value, timestampMs, exemplar }) => {
    const series = plain.test(name)
      ? `${name}{${printLabels(labels).join(',')}}`
      : `{${[`"${escaped(name)}"`, ...printLabels(labels)].join(',')}}`
    const parts = [series, number(value), ...(timestampMs === null ? [] : [time(timestampMs)])]
    if (format === 'openmetrics' && exemplar) {
      parts.push(`# {${printLabels(exemplar.labels).join(',')}}`, number(exemplar.value))
      if (exemplar.timestampMs !== null) parts.push(time(exemplar.timestampMs))
    }
    return parts.join(' ')
  })
  return [...lines, ...(format === 'openmetrics' ? ['# EOF'] : []), ''].join('\n')
}

const anyText = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.toWellFormed())
const name = fc
  .oneof(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/), anyText)
  .filter((n) => n !== '' && n !== '__name__')
const labels = fc.uniqueArray(fc.tuple(name, anyText), { maxLength: 4, selector: ([key]) => key })
const value = fc.double()
const time = fc.option(fc.integer({ min: -1_000_000_000, max: 4_000_000_000_000 }))
const sample: fc.Arbitrary<Printed> = fc.record({
  name,
  labels,
  value,
  timestampMs: time,
  exemplar: fc.option(fc.record({ labels, value, timestampMs: time })),
})

describe.each<Format>(['text', 'openmetrics'])('an exposition in %s', (format) => {
  it('is read the same by a parser that remembers former texts', () => {
    fc.assert(
      fc.property(fc.array(fc.array(sample, { maxLength: 4 }), { maxLength: 4 }), (texts) => {
        const memo = new SeriesMemo()
        for (const samples of [...texts, ...texts.toReversed()]) {
          const body = Buffer.from(print(format, samples))
          expect(parseExposition(body, CONTENT_TYPES[format], memo)).toEqual(
            parseExposition(body, CONTENT_TYPES[format]),
          )
        }
      }),
    )
  })

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 8 }), (samples) => {
        const exemplar = (one: Printed) => (format === 'openmetrics' ? one.exemplar : null)
        expect(parse(format, print(format, samples))).toEqual(
          samples.map((one) => ({ ...one, exemplar: exemplar(one), family: null, createdMs: null })),
        )
      }),
    )
  })

  it('that was damaged is read or refused with the place', { timeout: 600_000 }, () => {
    const random = seededRandom(11)
    const memo = new SeriesMemo()
    let refused = 0
    for (let round = 0; round < fuzzIterations; round++) {
      const text = mutate(SEEDS[format][round % SEEDS[format].length] ?? '', random)
      try {
        const fresh = parse(format, text)
        if (round % 10 === 0) expect(parseExposition(Buffer.from(text), CONTENT_TYPES[format], memo)).toEqual(fresh)
      } catch (error) {
        if (!(error instanceof ExpositionError)) throw error
        refused++
        expect(error.line).toBeLessThanOrEqual(text.split('\n').length)
      }
    }
    expect(refused).toBeGreaterThan(fuzzIterations / 10)
    expect(refused).toBeLessThan(fuzzIterations)
  })
})

const SEEDS: Record<Format, string[]> = {
  text: [
    '# HELP h A histogram.\n# TYPE h histogram\nh_bucket{le="0.05",path="C:\\\\x\\n"} 24054 1395066363000\nh_sum 5.3e4\n',
    'm{a="1" , b="\\"2\\"",} +Inf\n\n# a comment\n{"http.duration", "http.route"="/"} NaN -3982045\n',
  ],
  openmetrics: [
    '# TYPE c_seconds counter\n# UNIT c_seconds seconds\n# HELP c_seconds Time.\nc_seconds_total{a="1"} 2 1520879607.789 # {trace_id="a"} 0.67 1.5\nc_seconds_created{a="1"} 5\n# EOF\n',
    '# TYPE i info\ni_info{version="1\\n"} 1\n# TYPE s summary\ns{quantile="0.5"} nan\ns_count 3 # {} 1\n# EOF\n',
  ],
}

it('names the line of bytes that are no UTF-8', () => {
  const body = Buffer.concat([Buffer.from('ok 1\nm{a="'), Buffer.from([0xff]), Buffer.from('"} 1\n')])
  expect(() => parseExposition(body, null)).toThrow(expect.objectContaining({ line: 2, column: 6 }))
})
