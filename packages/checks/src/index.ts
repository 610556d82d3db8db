export { checkRunId, gridOffsetMs, nextRunAt, type GridKey } from './grid.ts'
export { runHttpCheck, type HttpCheckLimits, type HttpCheckOutcome } from './run-http-check.ts'
