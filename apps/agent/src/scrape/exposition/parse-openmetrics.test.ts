import { describe, expect, it } from 'vitest'
import type { ExposedSample } from './exposition.ts'
import { parseOpenMetrics } from './parse-openmetrics.ts'

const one = (line: string): ExposedSample => {
  const samples = parseOpenMetrics(`${line}\n# EOF\n`)
  expect(samples).toHaveLength(1)
  return samples[0] as ExposedSample
}

describe('parseOpenMetrics', () => {
  it.each<[string, Partial<ExposedSample>]>([
    ['m 1', { name: 'm', value: 1, labels: [], timestampMs: null, exemplar: null }],
    ['m{} 1', { labels: [] }],
    [
      'm{a="1",b="2"} 1',
      {
        labels: [
          ['a', '1'],
          ['b', '2'],
        ],
      },
    ],
    ['m 1 1520879607.789', { timestampMs: 1_520_879_607_789 }],
    ['m 1 -1.5', { timestampMs: -1500 }],
    ['m 1 1.520872607123e+09', { timestampMs: 1_520_872_607_123 }],
    ['m nan', { value: NaN }],
    ['m +INF', { value: Infinity }],
    ['m{a="\\\\ \\" \\n \\d"} 1', { labels: [['a', '\\ " \n \\d']] }],
    ['m_bucket{le="10"} 17 # {} 9.8', { exemplar: { labels: [], value: 9.8, timestampMs: null } }],
    [
      'm_bucket{le="1"} 11 9.5 # {trace_id="KOO5S4vxi0o"} 0.67 1520879607.7',
      {
        timestampMs: 9500,
        exemplar: { labels: [['trace_id', 'KOO5S4vxi0o']], value: 0.67, timestampMs: 1_520_879_607_700 },
      },
    ],
    ['{"a.b",c="d"} 1', { name: 'a.b', labels: [['c', 'd']] }],
  ])('reads %j', (line, expected) => {
    expect(one(line)).toMatchObject(expected)
  })

  it('reads families of every type', () => {
    const samples = parseOpenMetrics(`# TYPE c_seconds counter
# UNIT c_seconds seconds
# HELP c_seconds Time \\"spent\\"\\n\\\\.
c_seconds_total{a="1"} 2
# TYPE h histogram
h_bucket{le="+Inf"} 1
h_count 1
h_sum 1
# TYPE gh gaugehistogram
gh_bucket{le="+Inf"} 1
gh_gcount 1
gh_gsum 1
# TYPE s summary
s{quantile="0.5"} 1
s_count 1
# TYPE i info
i_info{version="1"} 1
# TYPE st stateset
st{st="on"} 1
# TYPE u unknown
u 1
# TYPE g gauge
# UNIT g${' '}
# HELP g
g 1
# EOF`)
    expect(samples.map(({ family }) => family?.type)).toEqual([
      'counter',
      ...Array.from({ length: 3 }, () => 'histogram'),
      ...Array.from({ length: 3 }, () => 'gaugehistogram'),
      'summary',
      'summary',
      'info',
      'stateset',
      'unknown',
      'gauge',
    ])
    expect(samples[0]?.family).toEqual({
      name: 'c_seconds',
      type: 'counter',
      unit: 'seconds',
      help: 'Time "spent"\n\\.',
    })
  })

  it('gives the instant of _created to the samples of the same labels', () => {
    const samples = parseOpenMetrics(`# TYPE c counter
c_total{a="1"} 2
c_created{a="1"} 1520872607.123
c_total{a="2"} 3
# TYPE h histogram
h_created{x="y"} 100
h_bucket{le="1",x="y"} 1
h_bucket{x="y",le="+Inf"} 1
h_sum{x="y"} 1
# TYPE g gauge
g_created 7
# EOF
`)
    expect(samples.map(({ name, createdMs }) => [name, createdMs])).toEqual([
      ['c_total', 1_520_872_607_123],
      ['c_total', null],
      ['h_bucket', 100_000],
      ['h_bucket', 100_000],
      ['h_sum', 100_000],
      ['g_created', null],
    ])
  })

  it('reads nothing from nothing, with and without a last newline', () => {
    expect(parseOpenMetrics('# EOF\n')).toEqual([])
    expect(parseOpenMetrics('# EOF')).toEqual([])
  })

  it.each([
    ['', 1, 1, 'without "# EOF"'],
    ['m 1\n', 2, 1, 'without "# EOF"'],
    ['m 1', 1, 4, 'without "# EOF"'],
    ['m 1\n# EOF\n\n', 3, 1, 'after "# EOF"'],
    ['# EOF\nm 1\n', 2, 1, 'after "# EOF"'],
    ['# EOFX\n', 1, 6, 'end of the line'],
    ['\n# EOF\n', 1, 1, 'metric name'],
    ['# just a comment\n# EOF', 1, 3, 'TYPE, HELP, UNIT or EOF'],
    [' m 1\n# EOF', 1, 1, 'metric name'],
    ['m  1\n# EOF', 1, 3, 'value'],
    ['m\t1\n# EOF', 1, 2, '" "'],
    ['m 1 \n# EOF', 1, 5, 'seconds'],
    ['m 1 nan\n# EOF', 1, 5, 'seconds'],
    ['m 1 1e30\n# EOF', 1, 5, 'out of range'],
    ['m{a="1", b="2"} 1\n# EOF', 1, 9, 'label name'],
    ['m{a="1"}1\n# EOF', 1, 9, '" "'],
    ['m 1 # x\n# EOF', 1, 7, '"{"'],
    ['m 1 # {a="1"}\n# EOF', 1, 14, '" "'],
    ['m 1 # {"a"} 1\n# EOF', 1, 11, '"="'],
    ['m 1 # {a="1"} x\n# EOF', 1, 15, 'not a number'],
    ['# TYPE m Counter\n# EOF', 1, 10, 'unknown type "Counter"'],
    ['# TYPE m untyped\n# EOF', 1, 10, 'unknown type'],
    ['# TYPE m\n# EOF', 1, 9, 'unknown type ""'],
    ['# UNIT m_seconds minutes\n# EOF', 1, 18, 'does not end with the unit'],
    ['# TYPE m gauge\n# TYPE m gauge\n# EOF', 2, 3, 'a second TYPE of "m"'],
    ['# HELP m a\n# HELP m a\n# EOF', 2, 3, 'a second HELP'],
    ['m 1\nm{a="1} 2\n# EOF', 2, 5, 'does not end on its line'],
  ])('refuses %j at line %i, column %i: %s', (text, line, column, problem) => {
    expect(() => parseOpenMetrics(text)).toThrow(
      expect.objectContaining({ name: 'ExpositionError', line, column, message: expect.stringContaining(problem) }),
    )
  })
})
