import type { HttpAssertion } from '@nines/contracts'
import { describe, expect, it } from 'vitest'
import { assertionFailure, type CheckedAnswer } from './assertions.ts'

const answer: CheckedAnswer = {
  statusCode: 204,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: 'Welcome to the shop',
  bodyTruncated: false,
  durationMs: 120,
}
const truncated = { ...answer, bodyTruncated: true }

const holds: [string, HttpAssertion, CheckedAnswer][] = [
  ['status equals', { on: 'status', op: 'equals', value: 204 }, answer],
  ['status class', { on: 'status', op: 'in_class', value: 2 }, answer],
  ['body contains', { on: 'body', op: 'contains', value: 'shop' }, answer],
  ['found before the cut', { on: 'body', op: 'contains', value: 'shop' }, truncated],
  ['body lacks', { on: 'body', op: 'not_contains', value: 'Error' }, answer],
  ['header name in any case', { on: 'header', name: 'Content-Type', op: 'contains', value: 'html' }, answer],
  ['header equals', { on: 'header', name: 'content-type', op: 'equals', value: 'text/html; charset=utf-8' }, answer],
  ['fast enough', { on: 'duration_ms', op: 'below', value: 120.1 }, answer],
]
const fails: [string, HttpAssertion, CheckedAnswer, string][] = [
  ['status differs', { on: 'status', op: 'equals', value: 200 }, answer, 'status 204, expected 200'],
  ['class differs', { on: 'status', op: 'in_class', value: 5 }, answer, 'status 204, expected 5xx'],
  ['text missing', { on: 'body', op: 'contains', value: 'shops' }, answer, 'body does not contain "shops"'],
  ['text unwanted', { on: 'body', op: 'not_contains', value: 'shop' }, answer, 'body contains "shop"'],
  ['not seen before the cut', { on: 'body', op: 'contains', value: 'Error' }, truncated, 'in its first MiB'],
  ['unknown behind the cut', { on: 'body', op: 'not_contains', value: 'Error' }, truncated, 'was not searched'],
  ['header missing', { on: 'header', name: 'etag', op: 'equals', value: '' }, answer, 'header etag is missing'],
  ['header differs', { on: 'header', name: 'content-type', op: 'equals', value: 'x' }, answer, 'expected "x"'],
  ['too slow', { on: 'duration_ms', op: 'below', value: 120 }, answer, 'took 120.0 ms'],
]

describe('assertionFailure', () => {
  it.each(holds)('holds: %s', (_, assertion, given) => {
    expect(assertionFailure(assertion, given)).toBeNull()
  })
  it.each(fails)('fails: %s', (_, assertion, given, message) => {
    expect(assertionFailure(assertion, given)).toContain(message)
  })
})
