import { expect, test } from 'vitest'
import { compileSelector, type LabelMatcher } from './selector.ts'

const labels = { 'http.route': '/cart', status: '503', empty: '', note: 'a\nb' }
const matches = (...matchers: LabelMatcher[]) => compileSelector({ metric: 'm', matchers })(labels)

test.each([
  ['status', '=', '503', true],
  ['status', '=', '50', false],
  ['status', '!=', '200', true],
  ['status', '=~', '5..', true],
  ['status', '=~', '5', false],
  ['status', '=~', '2..|5..', true],
  ['status', '!~', '5..', false],
  ['http.route', '=~', '/c.*', true],
  ['missing', '=', '', true],
  ['missing', '!=', '', false],
  ['missing', '=~', '.*', true],
  ['missing', '=~', '.+', false],
  ['empty', '=', '', true],
  ['note', '=~', 'a.b', true],
  ['note', '=~', 'a', false],
  ['toString', '=', '', true],
  ['status', '=~', '(?:5|50)3', true],
  ['status', '=~', '50|5', false],
] as const)('%s %s %j is %s', (label, op, value, expected) => {
  expect(matches({ label, op, value })).toBe(expected)
})

test('every matcher must hold, and none matches everything', () => {
  expect(matches({ label: 'status', op: '=', value: '503' }, { label: 'http.route', op: '=', value: '/' })).toBe(false)
  expect(matches()).toBe(true)
})

test.each([
  ['malformed', '('],
  ['looks ahead', '(?=5)503'],
  ['refers back', '(5)\\1'],
  ['repeats more than an engine should count', '(((.{100}){100}){100})'],
])('an expression that %s is a SyntaxError', (_why, value) => {
  expect(() => matches({ label: 'status', op: '=~', value })).toThrow(SyntaxError)
})

test('an expression that a backtracking engine never finishes is answered', () => {
  const hostile = { note: `${'a'.repeat(10_000)}!` }
  for (const value of ['(a+)+', '(a|a)*', '(.*a){20}', '([a-z]+)*'])
    expect(compileSelector({ metric: 'm', matchers: [{ label: 'note', op: '=~', value }] })(hostile)).toBe(false)
})
