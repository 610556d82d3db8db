import { logsSli, spansSli } from '@nines/contracts'
import { describe, expect, test } from 'vitest'
import { attributeKeysOf, compileLogsSli, compileSpansSli, type LogEvent, type SpanEvent } from './event-verdict.ts'

const SPAN: SpanEvent = { service: 'shop', name: 'GET /', kind: 2, statusCode: 0, durationNs: 5e6, attributes: {} }
const LOG: LogEvent = { service: 'shop', severityNumber: 9, body: 'paid order 12', attributes: {} }

describe('spans', () => {
  const verdict = (sli: object, span: Partial<SpanEvent>) =>
    compileSpansSli(spansSli.parse({ kind: 'spans', service: 'shop', ...sli }))({ ...SPAN, ...span })
  const noError = { good: { withoutError: true } }

  test.each<[object, Partial<SpanEvent>, boolean | null]>([
    [noError, {}, true],
    [noError, { statusCode: 1 }, true],
    [noError, { statusCode: 2 }, false],
    [noError, { service: 'Shop' }, null],
    [noError, { kind: 3 }, null],
    [noError, { kind: 5 }, true],
    [{ ...noError, spanKinds: ['client'] }, { kind: 3 }, true],
    [{ ...noError, operation: 'GET /' }, {}, true],
    [{ ...noError, operation: 'GET /a' }, {}, null],
    [{ good: { maxDurationMs: 5 } }, { statusCode: 2 }, true],
    [{ good: { maxDurationMs: 5 } }, { durationNs: 5e6 + 1 }, false],
    [{ good: { maxDurationMs: 0.25 } }, { durationNs: 250_000 }, true],
    [{ good: { withoutError: true, maxDurationMs: 5 } }, { statusCode: 2 }, false],
  ])('%j on %j is %s', (sli, span, expected) => {
    expect(verdict(sli, span)).toBe(expected)
  })

  test('attributes decide whether a span counts, not whether it is good', () => {
    const attributes = [{ label: 'http.route', op: '=~', value: '/a.*' }]
    expect(verdict({ ...noError, attributes }, { attributes: { 'http.route': '/ab' } })).toBe(true)
    expect(verdict({ ...noError, attributes }, { attributes: { 'http.route': '/b' }, statusCode: 2 })).toBeNull()
    expect(attributeKeysOf(spansSli.parse({ kind: 'spans', service: 'a', ...noError, attributes }))).toEqual([
      'http.route',
    ])
  })

  test.each([
    [{ service: 'a', good: {} }, ['good', 'withoutError']],
    [{ service: 'a', good: { withoutError: false } }, ['good', 'withoutError']],
    [{ service: '', ...noError }, ['service']],
    [{ service: 'a', good: { maxDurationMs: 0 } }, ['good', 'maxDurationMs']],
    [{ service: 'a', ...noError, spanKinds: [] }, ['spanKinds']],
  ])('%j is refused at %j', (sli, path) => {
    expect(spansSli.safeParse({ kind: 'spans', ...sli }).error?.issues[0]?.path).toEqual(path)
  })
})

describe('logs', () => {
  const verdict = (sli: object, log: Partial<LogEvent>) =>
    compileLogsSli(logsSli.parse({ kind: 'logs', total: { service: 'shop' }, ...sli }))({ ...LOG, ...log })

  test.each<[object, Partial<LogEvent>, boolean | null]>([
    [{ bad: { minSeverity: 17 } }, {}, true],
    [{ bad: { minSeverity: 17 } }, { severityNumber: 17 }, false],
    [{ bad: { minSeverity: 17 } }, { severityNumber: 17, service: 'other' }, null],
    [{ total: {}, bad: { minSeverity: 17 } }, { severityNumber: 17, service: 'other' }, false],
    [{ good: { body: { op: 'contains', value: 'paid' } } }, {}, true],
    [{ good: { body: { op: 'contains', value: 'Paid' } } }, {}, false],
    [{ good: { body: { op: '=~', value: '(?i)PAID order \\d+$' } } }, {}, true],
    [{ good: { body: { op: '=~', value: '^order' } } }, {}, false],
    [{ good: { body: { op: '=~', value: 'a.b' } } }, { body: 'xa\nbx' }, true],
    [{ total: { body: { op: 'contains', value: 'order' } }, bad: { minSeverity: 17 } }, { body: 'hello' }, null],
    [{ total: { minSeverity: 5 }, bad: { minSeverity: 17 } }, { severityNumber: 0 }, null],
    [{ bad: { attributes: [{ label: 'code', op: '=', value: '5' }] } }, { attributes: { code: '5' } }, false],
    [{ bad: { attributes: [{ label: 'code', op: '!=', value: '' }] } }, {}, true],
  ])('%j on %j is %s', (sli, log, expected) => {
    expect(verdict(sli, log)).toBe(expected)
  })

  test.each([
    [{}, ['good']],
    [{ good: {}, total: {} }, ['good', 'body']],
    [{ good: { minSeverity: 9 }, bad: { minSeverity: 9 } }, ['good']],
    [{ bad: { body: { op: 'contains', value: '' } } }, ['bad', 'body', 'value']],
  ])('%j is refused at %j', (sli, path) => {
    expect(logsSli.safeParse({ kind: 'logs', total: {}, ...sli }).error?.issues[0]?.path).toEqual(path)
  })
})
