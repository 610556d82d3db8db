import type { RuleVerdict } from '@nines/contracts'
import { expect, test } from 'vitest'
import { nextReport, type SaidVerdict } from './verdict-report.ts'

/**
 * Seconds at which something is said, when the verdict of second s is given by `verdictAt`, looked at every second. An alert
 * is open all the time unless it is said when.
 */
function reports(
  seconds: number,
  verdictAt: (second: number) => RuleVerdict,
  isOpen: (second: number) => boolean = () => true,
): string[] {
  let said: SaidVerdict | undefined
  const log: string[] = []
  for (let second = 0; second <= seconds; second++) {
    const next = nextReport(said, verdictAt(second), second * 1000, isOpen(second))
    if (!next) continue
    said = next
    if (!next.isUnsaid) log.push(`${second} ${next.verdict}`)
  }
  return log
}

test('where an alert is open the first verdict is said once, whatever it is', () => {
  expect(reports(100, () => 'false')).toEqual(['0 false'])
  expect(reports(100, () => 'no_data')).toEqual(['0 no_data'])
})

test('without an alert only a true is said at first, and the others once there is one', () => {
  const never = () => false
  expect(reports(100, () => 'false', never)).toEqual([])
  expect(reports(100, (s) => (s < 50 ? 'no_data' : 'false'), never)).toEqual([])
  expect(reports(9, () => 'true', never)).toEqual(['0 true'])
  expect(
    reports(
      100,
      () => 'false',
      (s) => s >= 30 && s < 90,
    ),
  ).toEqual(['30 false'])
  expect(
    reports(
      100,
      (s) => (s < 50 ? 'no_data' : 'false'),
      (s) => s >= 70,
    ),
  ).toEqual(['70 false'])
})

test('whatever follows a true is said, whether or not it opened an alert', () => {
  const verdictAt = (s: number) => (s < 5 ? 'false' : s < 9 ? 'true' : 'false')
  expect(reports(60, verdictAt, () => false)).toEqual(['5 true', '9 false', '19 false', '29 false', '39 false'])
})

test('true is repeated while it holds, the false after it three times', () => {
  expect(reports(100, (s) => (s >= 5 && s < 28 ? 'true' : 'false'))).toEqual([
    '0 false',
    '5 true',
    '15 true',
    '25 true',
    '28 false',
    '38 false',
    '48 false',
    '58 false',
  ])
})

test('a false that comes by way of no_data is repeated as well', () => {
  const verdictAt = (s: number) => (s < 5 ? 'true' : s < 8 ? 'no_data' : 'false')
  expect(reports(100, verdictAt)).toEqual(['0 true', '5 no_data', '8 false', '18 false', '28 false', '38 false'])
})

test('no_data and holding after a true are repeated too, and a false after any of them', () => {
  const verdictAt = (s: number) => (s < 5 ? 'true' : s < 20 ? 'no_data' : s < 70 ? 'holding' : 'false')
  expect(reports(130, verdictAt)).toEqual([
    '0 true',
    '5 no_data',
    '15 no_data',
    '20 holding',
    '30 holding',
    '40 holding',
    '50 holding',
    '70 false',
    '80 false',
    '90 false',
    '100 false',
  ])
})
