import { ClickHouseError } from '@clickhouse/client'
import { messageOf, NinesError, type ErrorCode } from '@nines/kernel'

/** Query limits of ours that were reached: rows, bytes, time, memory, result, statement. */
const LIMIT_CODES = new Set(['158', '159', '160', '241', '307', '396'])
/** The server is alive but cannot now: too many queries or parts, sockets, disk full, aborted, shutting down. */
const TRANSIENT_CODES = new Set(['202', '209', '210', '236', '243', '252', '394', '425', '439'])
/** The text of a regular expression is at fault. */
const PATTERN_CODES = new Set(['427'])
/**
 * The rows themselves are at fault, so that the same rows are refused again: cannot parse, cannot read all data,
 * sizes that do not match, type mismatch, cannot convert, out of range, incorrect data, too large text or array, NULL
 * in a column without, number overflow, violated constraint.
 */
const DATA_CODES = new Set('6 9 20 26 27 33 38 41 53 69 70 72 117 128 131 190 321 349 407 469'.split(' '))

/** Turns whatever the client threw into a NinesError; what never reached ClickHouse is `unavailable`. */
export function toNinesError(error: unknown): NinesError {
  if (error instanceof NinesError) return error
  if (!(error instanceof ClickHouseError))
    return new NinesError('unavailable', `ClickHouse does not answer: ${messageOf(error)}`, { cause: error })
  return new NinesError(codeOf(error.code), `ClickHouse refused: ${firstLine(error.message)}`, { cause: error })
}

/** Whether the rows of an insert are at fault, not the store: repeating the insert cannot help. */
export function isDataError(error: unknown): boolean {
  return error instanceof NinesError && error.code === 'invalid'
}

function codeOf(code: string): ErrorCode {
  if (LIMIT_CODES.has(code)) return 'too_large'
  if (TRANSIENT_CODES.has(code)) return 'unavailable'
  return PATTERN_CODES.has(code) || DATA_CODES.has(code) ? 'invalid' : 'internal'
}

function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').slice(0, 300)
}
