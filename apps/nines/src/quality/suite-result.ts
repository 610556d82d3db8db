import type { Tally } from './tally.ts'

/** How long one test file took, its imports and set-up included. */
export interface FileTime {
  /** Path within the checkout. */
  file: string
  seconds: number
}

/** What came of a suite. */
export interface SuiteResult {
  tally: Tally
  /** Only of suites that consist of files. */
  files?: readonly FileTime[]
}

/** A suite with its place in the run. */
export interface StageResult extends SuiteResult {
  title: string
  seconds: number
}
