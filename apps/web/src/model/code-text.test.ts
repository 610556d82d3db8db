import { expect, test } from 'vitest'
import { shortCommit, valueText } from './code-text.ts'

test('commits are shortened, tags are not', () => {
  expect(shortCommit('8f14e45fceea167a5a36dedd4bea2543d1b2c3d4')).toBe('8f14e45fce')
  expect(shortCommit('v1.2.3')).toBe('v1.2.3')
})

test('values fit a line', () => {
  expect(valueText(undefined)).toBe('nothing')
  expect(valueText('a')).toBe('a')
  expect(valueText({ a: 1 })).toBe('{"a":1}')
  expect(valueText('x'.repeat(500))).toHaveLength(120)
})
