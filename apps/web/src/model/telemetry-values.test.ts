import { DEFAULT_TELEMETRY_SETTINGS, telemetrySettings } from '@nines/contracts'
import { describe, expect, test } from 'vitest'
import { formatBytes } from './format-bytes.ts'
import { formatSpan, formatTick } from './format-span.ts'
import { bucketSeconds, countBuckets, fillBuckets } from './log-buckets.ts'
import { lowestNumber, severityOf } from './log-severity.ts'
import { logLine, prettyBody } from './log-text.ts'
import { millisBetween, millisText, nanoTime } from './nano-time.ts'
import { refusalWords } from './refusal-words.ts'
import { sendSnippets } from './send-snippets.ts'
import { LIMIT_GROUPS, limitsToValues, limitText, valuesToLimits } from './telemetry-limits.ts'

test.each([
  [0, '0 µs'],
  [0.0123, '12.3 µs'],
  [0.412, '412 µs'],
  [0.9996, '1.00 ms'],
  [12.34, '12.3 ms'],
  [999.7, '1.00 s'],
  [1240, '1.24 s'],
  [59_960, '1 min 0 s'],
  [185_000, '3 min 5 s'],
  [7_260_000, '2 h 1 min'],
])('a span of %d ms lasted %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text)
})

test.each([
  [0, '0'],
  [50, '50 ms'],
  [1500, '1.5 s'],
  [0.25, '250 µs'],
  [100, '100 ms'],
])('a tick at %d ms reads %s', (ms, text) => {
  expect(formatTick(ms)).toBe(text)
})

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [512 * 1024 * 1024, '512 MiB'],
  [3 * 1024 ** 5, '3072 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('instants keep their nanoseconds', () => {
  const [from, to] = [nanoTime('2026-03-01T12:00:00.000000250Z'), nanoTime('2026-03-01T12:00:00.0015Z')]
  expect(millisBetween(from, to)).toBeCloseTo(1.49975, 9)
  expect(nanoTime('2026-03-01T12:00:00Z')).toEqual({ ms: Date.parse('2026-03-01T12:00:00Z'), nanos: 0 })
  expect(millisText(nanoTime('2026-03-01T12:00:00.037999999Z'))).toBe('037')
})

test.each([
  [0, 'unset'],
  [1, 'trace'],
  [4, 'trace'],
  [9, 'info'],
  [13, 'warn'],
  [17, 'error'],
  [24, 'fatal'],
] as const)('severity number %d is %s', (number, severity) => {
  expect(severityOf(number)).toBe(severity)
  expect(severityOf(lowestNumber(severity))).toBe(severity)
})

describe('the bars of the histogram', () => {
  test('are as wide as fits the span', () => {
    expect(bucketSeconds({ from: 0, to: 3_600_000 })).toBe(60)
    expect(bucketSeconds({ from: 0, to: 900_000 })).toBe(15)
    expect(bucketSeconds({ from: 0, to: 30 * 86_400_000 })).toBe(43_200)
    expect(bucketSeconds({ from: 0, to: 10 })).toBe(1)
  })
  test('stand also where nothing was written', () => {
    const buckets = fillBuckets([{ at: 60_000, counts: { error: 2, info: 1 } }], { from: 30_000, to: 180_000 }, 60)
    expect(buckets.map(({ at, error, info }) => [at, error, info])).toEqual([
      [0, 0, 0],
      [60_000, 2, 1],
      [120_000, 0, 0],
    ])
    expect(countBuckets(buckets)).toMatchObject({ error: 2, info: 1, fatal: 0, all: 3 })
  })
})

test('a body is one line in the list and indented when opened', () => {
  expect(logLine({ body: '{\n  "a": 1 }', eventName: '' })).toBe('{ "a": 1 }')
  expect(logLine({ body: ' ', eventName: 'user.signed-in' })).toBe('user.signed-in')
  expect(prettyBody({ body: '{"a":[1]}', bodyIsJson: true })).toBe('{\n  "a": [\n    1\n  ]\n}')
  expect(prettyBody({ body: '[not json', bodyIsJson: false })).toBe('[not json')
  expect(prettyBody({ body: '12', bodyIsJson: false })).toBe('12')
})

describe('limits', () => {
  test('every setting has its field, once', () => {
    const names = LIMIT_GROUPS.flatMap(({ fields }) => fields.map(({ name }) => name))
    expect(names.toSorted()).toEqual(Object.keys(DEFAULT_TELEMETRY_SETTINGS).toSorted())
  })
  test('are the same after a way through the form', () => {
    expect(valuesToLimits(limitsToValues(DEFAULT_TELEMETRY_SETTINGS))).toEqual(DEFAULT_TELEMETRY_SETTINGS)
  })
  test('are shown with their unit', () => {
    const fields = LIMIT_GROUPS.flatMap((group) => group.fields)
    const text = (name: string) => {
      const field = fields.find((one) => one.name === name)!
      return limitText(field, DEFAULT_TELEMETRY_SETTINGS[field.name])
    }
    expect(text('samplesPerSecond')).toBe('2,000,000 samples/s')
    expect(text('bytesPerSecond')).toBe('512 MiB/s')
    expect(text('maxPastSeconds')).toBe('400 d before now')
  })
  test.each([{ maxPastSeconds: 'soon' }, { samplesPerSecond: '' }, { bytesPerSecond: 'much' }])(
    '%o is refused by the schema at its field',
    (typed) => {
      const body = valuesToLimits({ ...limitsToValues(DEFAULT_TELEMETRY_SETTINGS), ...typed })
      const issues = telemetrySettings.safeParse(body).error?.issues ?? []
      expect(issues.map(({ path }) => path.join('.'))).toEqual(Object.keys(typed))
    },
  )
})

test('reasons are told in words, also those of tomorrow', () => {
  expect(refusalWords('series_limit').title).toBe('Too many active series')
  expect(refusalWords('solar_flare')).toEqual({ title: 'Solar flare', meaning: '' })
})

test('every snippet names where to send and the key', () => {
  const target = {
    ingestUrl: 'https://nines.example.com:14318',
    ingestGrpcUrl: 'https://nines.example.com:14317',
    secret: 'nines_in_secret',
  }
  const snippets = sendSnippets(target)
  for (const { text } of snippets) {
    expect(text).toContain(target.ingestUrl)
    expect(text).toContain(target.secret)
  }
  const texts = snippets.map(({ text }) => text).join('\n')
  for (const path of ['/api/v1/write', '/loki/api/v1/push', '/api/v2/spans', '/v1/logs', 'nines.example.com:14317'])
    expect(texts).toContain(path)
})
