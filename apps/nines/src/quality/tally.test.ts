import { describe, expect, test } from 'vitest'
import { addTallies, tallyClosingLine, tallyOf, tallyPlaywright, tallyVitest } from './tally.ts'

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((s) => ({ status: s })) })

describe('Vitest', () => {
  test('counts tests', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      testResults: [file('passed', 'passed'), file('failed', 'passed', 'failed', 'passed')],
    }
    expect(tallyVitest(report, false)).toEqual({ passed: 3, failed: 1 })
  })
  test('a file that could not be loaded is a failure', () => {
    expect(
      tallyVitest({ numPassedTests: 2, numFailedTests: 0, testResults: [file('failed'), file('passed')] }, false),
    ).toEqual({ passed: 2, failed: 1 })
  })
  test('no report, or a bad exit that the report does not explain, is a failure', () => {
    expect(tallyVitest(undefined, true)).toEqual({ passed: 0, failed: 1 })
    expect(tallyVitest({ numPassedTests: 2, numFailedTests: 0, testResults: [] }, false)).toEqual({
      passed: 2,
      failed: 1,
    })
    expect(tallyVitest({ numPassedTests: 2, numFailedTests: 0, testResults: [] }, true)).toEqual({
      passed: 2,
      failed: 0,
    })
  })
})

test('Playwright: a flaky test is a failed one', () => {
  expect(tallyPlaywright({ stats: { expected: 5, unexpected: 1, flaky: 2 }, errors: [] }, false)).toEqual({
    passed: 5,
    failed: 3,
  })
  expect(tallyPlaywright({}, true)).toEqual({ passed: 0, failed: 1 })
})

test('a scenario: its closing line counts, and its exit cannot be contradicted', () => {
  expect(tallyClosingLine('ok one\nFAIL two\n1 passed, 1 failed\n', false)).toEqual({ passed: 1, failed: 1 })
  expect(tallyClosingLine('2 passed, 0 failed', false)).toEqual({ passed: 2, failed: 1 })
  expect(tallyClosingLine('2 passed, 0 failed\nkilled', true)).toEqual({ passed: 0, failed: 1 })
})

test('sums', () => {
  expect(addTallies(tallyOf(true), tallyOf(false), { passed: 5, failed: 0 })).toEqual({ passed: 6, failed: 1 })
})
