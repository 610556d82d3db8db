import type { FileTime } from './suite-result.ts'

/** What the reporter for Vitest wrote; nothing when it did not come to that. */
export function fileTimesOfVitest(written: unknown): FileTime[] {
  return Array.isArray(written) ? written.filter(isFileTime) : []
}

interface PlaywrightSuite {
  file: string
  specs: { tests: { results: { duration: number }[] }[] }[]
  suites?: PlaywrightSuite[]
}

/** From Playwright's JSON report: the sum of the tests of each file, whose paths start at `folder`. */
export function fileTimesOfPlaywright(report: unknown, folder: string): FileTime[] {
  const suites = (report as { suites?: PlaywrightSuite[] } | undefined)?.suites ?? []
  return suites.map((suite) => ({ file: `${folder}/${suite.file}`, seconds: durationMs(suite) / 1000 }))
}

function durationMs({ specs, suites = [] }: PlaywrightSuite): number {
  const own = specs.flatMap((spec) => spec.tests.flatMap((test) => test.results.map((result) => result.duration)))
  return [...own, ...suites.map(durationMs)].reduce((sum, ms) => sum + ms, 0)
}

function isFileTime(value: unknown): value is FileTime {
  return typeof value === 'object' && value !== null && 'file' in value && 'seconds' in value
}
