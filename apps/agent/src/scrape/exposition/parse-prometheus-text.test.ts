import { describe, expect, it } from 'vitest'
import type { ExposedSample } from './exposition.ts'
import { parsePrometheusText } from './parse-prometheus-text.ts'

const one = (text: string): ExposedSample => {
  const samples = parsePrometheusText(text)
  expect(samples).toHaveLength(1)
  return samples[0] as ExposedSample
}

describe('parsePrometheusText', () => {
  it.each<[string, Partial<ExposedSample>]>([
    ['m 1', { name: 'm', value: 1, labels: [], timestampMs: null }],
    ['m 1\n', { value: 1 }],
    ['  \t m\t 1 \t 1395066363000  \n', { value: 1, timestampMs: 1_395_066_363_000 }],
    ['m 1 -3982045', { timestampMs: -3_982_045 }],
    ['m{} 1', { labels: [] }],
    ['m{}1', { value: 1 }],
    [
      'm{a="1",b="2"} 3.1e-4',
      {
        labels: [
          ['a', '1'],
          ['b', '2'],
        ],
        value: 0.00031,
      },
    ],
    [
      'm {  a = "1" , b="2" , }3',
      {
        labels: [
          ['a', '1'],
          ['b', '2'],
        ],
        value: 3,
      },
    ],
    [
      'm{p="C:\\\\DIR",q="a\\nb \\"c\\"",r="\\d"} 1',
      {
        labels: [
          ['p', 'C:\\DIR'],
          ['q', 'a\nb "c"'],
          ['r', '\\d'],
        ],
      },
    ],
    ['m{a="}# {"} 1', { labels: [['a', '}# {']] }],
    ['m{a=""} 1', { labels: [['a', '']] }],
    ['m{a="größe 😀"} 1', { labels: [['a', 'größe 😀']] }],
    [':a:b 1', { name: ':a:b' }],
    ['{"http.server.duration"} 1', { name: 'http.server.duration', labels: [] }],
    [
      '{"http.server.duration", "http.route"="/a", b="c"} 1',
      {
        labels: [
          ['http.route', '/a'],
          ['b', 'c'],
        ],
      },
    ],
    ['m NaN', { value: NaN }],
    ['m +Inf', { value: Infinity }],
    ['m -inf', { value: -Infinity }],
    ['m Infinity', { value: Infinity }],
    ['m +.5', { value: 0.5 }],
    ['m 5.', { value: 5 }],
    ['m -0', { value: -0 }],
    ['m 1.7976931348623157e+308', { value: Number.MAX_VALUE }],
  ])('reads %j', (text, expected) => {
    expect(one(text)).toMatchObject(expected)
  })

  it('reads the example of the format', () => {
    const samples = parsePrometheusText(`
# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

metric_without_timestamp_and_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
# HELP http_request_duration_seconds A histogram of\\nthe request \\\\ "duration".
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.5"} 4773
rpc_duration_seconds_sum 1.7560473e+07
`)
    expect(samples.map(({ name, family }) => [name, family?.type ?? null])).toEqual([
      ['http_requests_total', 'counter'],
      ['msdos_file_access_time_seconds', null],
      ['metric_without_timestamp_and_labels', null],
      ['something_weird', null],
      ['http_request_duration_seconds_bucket', 'histogram'],
      ['http_request_duration_seconds_bucket', 'histogram'],
      ['http_request_duration_seconds_sum', 'histogram'],
      ['http_request_duration_seconds_count', 'histogram'],
      ['rpc_duration_seconds', 'summary'],
      ['rpc_duration_seconds_sum', 'summary'],
    ])
    expect(samples[0]?.family?.help).toBe('The total number of HTTP requests.')
    expect(samples[4]?.family?.help).toBe('A histogram of\nthe request \\ "duration".')
  })

  it.each([
    ['#TYPE m counter\nm 1', null],
    ['# TYPES m counter\nm 1', null],
    ['#\nm 1', null],
    ['m 1\n# TYPE m counter', 'counter'],
    ['# TYPE m untyped\nm 1', 'unknown'],
    ['# TYPE m gauge\nm_count 1', null],
    ['# TYPE m summary\nm_bucket 1', null],
    ['# TYPE m gauge\n# TYPE m_count counter\nm_count 1', 'counter'],
    ['#   TYPE\tm \t gauge \nm 1', 'gauge'],
    ['# TYPE "a.b" gauge\n{"a.b"} 1', 'gauge'],
    ['# HELP m\nm 1', 'unknown'],
  ])('takes from %j the type %j', (text, type) => {
    expect(one(text).family?.type ?? null).toBe(type)
  })

  it('keeps a _created gauge, which is a metric of its own here', () => {
    expect(one('# TYPE m_created gauge\nm_created 1.5e9')).toMatchObject({ name: 'm_created', createdMs: null })
  })

  it('reads nothing from nothing', () => {
    expect(parsePrometheusText('')).toEqual([])
    expect(parsePrometheusText('\n \n# nothing\n')).toEqual([])
  })

  it.each([
    ['<html>', 1, 1, 'metric name'],
    ['ok 1\nm', 2, 2, 'blank'],
    ['m ', 1, 3, 'value'],
    ['ok 1\n\nm one', 3, 3, '"one" is not a number'],
    ['m 0x1f', 1, 3, 'not a number'],
    ['m 1_000', 1, 3, 'not a number'],
    ['m 1e999', 1, 3, 'out of range'],
    ['m 1 2 3', 1, 7, 'end of the line'],
    ['m 1 1.5', 1, 5, 'whole number of milliseconds'],
    ['m 1 99999999999999999999', 1, 5, 'out of range'],
    ['m 1\r\n', 1, 3, 'not a number'],
    ['m-x 1', 1, 2, 'blank'],
    ['1m 1', 1, 1, 'metric name'],
    ['m{a="1"', 1, 8, '"," or "}"'],
    ['m{a="1" b="2"} 1', 1, 9, '"," or "}"'],
    ['m{a="1",,} 1', 1, 9, 'label name'],
    ['m{,} 1', 1, 3, 'label name'],
    ['m{a=1} 1', 1, 5, 'double quotes'],
    ["m{a='1'} 1", 1, 5, 'double quotes'],
    ['m{a="1} 1\nm 2', 1, 5, 'does not end on its line'],
    ['m{a="1\\\n"} 1', 1, 5, 'does not end on its line'],
    ['m{a:b="1"} 1', 1, 4, '"="'],
    ['m{a="1",a="2"} 1', 1, 9, '"a" is there twice'],
    ['m{__name__="x"} 1', 1, 3, 'twice'],
    ['m{"other"} 1', 1, 10, '"="'],
    ['{a="1"} 1', 1, 1, 'no metric name'],
    ['{"a","b"} 1', 1, 9, '"="'],
    ['{""} 1', 1, 2, 'metric name is empty'],
    ['m{""="a"} 1', 1, 3, 'label name is empty'],
    ['# TYPE m', 1, 9, 'unknown type ""'],
    ['# TYPE m stateset', 1, 10, 'unknown type "stateset"'],
    ['# TYPE m constructor', 1, 10, 'unknown type'],
    ['# TYPE m counter x', 1, 18, 'end of the line'],
    ['# TYPE', 1, 7, 'metric name'],
    ['# HELP 1m text', 1, 8, 'metric name'],
    ['# HELP m:text-x', 1, 14, 'blank'],
  ])('refuses %j at line %i, column %i: %s', (text, line, column, problem) => {
    expect(() => parsePrometheusText(text)).toThrow(
      expect.objectContaining({ name: 'ExpositionError', line, column, message: expect.stringContaining(problem) }),
    )
  })
})
