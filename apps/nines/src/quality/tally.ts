/** Tests and checks that passed and failed. */
export interface Tally {
  passed: number
  failed: number
}

export function addTallies(...tallies: Tally[]): Tally {
  return tallies.reduce((sum, tally) => ({ passed: sum.passed + tally.passed, failed: sum.failed + tally.failed }), {
    passed: 0,
    failed: 0,
  })
}

/** A single check that either holds or does not. */
export function tallyOf(passed: boolean): Tally {
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/**
 * From Vitest's JSON report. A file that failed without a failed test (it could not be loaded, a hook threw) counts as one
 * failure, and so does a run that failed although its report shows none, or that left no report.
 */
export function tallyVitest(report: unknown, exitedCleanly: boolean): Tally {
  if (!isVitestReport(report)) return { passed: 0, failed: 1 }
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((a) => a.status === 'failed'),
  )
  return withExit({ passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length }, exitedCleanly)
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number }
  errors: unknown[]
}

/** From Playwright's JSON report. A flaky test is a failed one. */
export function tallyPlaywright(report: unknown, exitedCleanly: boolean): Tally {
  if (!isPlaywrightReport(report)) return { passed: 0, failed: 1 }
  const { expected, unexpected, flaky } = report.stats
  return withExit({ passed: expected, failed: unexpected + flaky }, exitedCleanly)
}

/** From a closing line `N passed, N failed`; without one the run is one failure. */
export function tallyClosingLine(output: string, exitedCleanly: boolean): Tally {
  const match = /^(\d+) passed, (\d+) failed$/.exec(output.trimEnd().split('\n').at(-1) ?? '')
  if (match === null) return { passed: 0, failed: 1 }
  return withExit({ passed: Number(match[1]), failed: Number(match[2]) }, exitedCleanly)
}

function withExit(tally: Tally, exitedCleanly: boolean): Tally {
  return !exitedCleanly && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

function isVitestReport(report: unknown): report is VitestReport {
  return typeof report === 'object' && report !== null && 'numPassedTests' in report && 'testResults' in report
}

function isPlaywrightReport(report: unknown): report is PlaywrightReport {
  return typeof report === 'object' && report !== null && 'stats' in report
}
