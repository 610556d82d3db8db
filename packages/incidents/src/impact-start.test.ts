import { expect, test } from 'vitest'
import { impactStart } from './impact-start.ts'

const MINUTE = 60_000
/** One character a minute: `b` bad, `.` good, `-` no events, space: not measured. The alert fires in the last minute. */
const minutesOf = (text: string) =>
  text.split('').flatMap((c, i) => {
    if (c === ' ') return []
    const total = c === '-' ? 0 : 100
    return [{ minute: i * MINUTE, good: c === 'b' ? 50 : total, total }]
  })

test.each([
  ['....bbbb', 4],
  ['....bb.b', 4],
  ['b.......bb', 8],
  ['bb.....bb', 0],
  ['bb......bb', 8],
  ['bb- - -bb', 0],
  ['........', null],
  ['bb......', null],
  ['bbbbbbbb', 0],
  ['', null],
])('%s', (text, expected) => {
  const firedAt = text.length * MINUTE - 1
  expect(impactStart(minutesOf(text), 0.99, firedAt)).toBe(expected === null ? null : expected * MINUTE)
})

test('what comes after the alert does not count, nor do minutes within the objective', () => {
  expect(impactStart(minutesOf('..bb'), 0.99, 2 * MINUTE - 1)).toBeNull()
  expect(impactStart(minutesOf('..bb'), 0.4, 4 * MINUTE - 1)).toBeNull()
})
