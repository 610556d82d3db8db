import { messageOf } from '@nines/kernel'

/** An error that this server raises itself, worded like ClickHouse's own so that clients parse code and type. */
export class ClickHouseException extends Error {
  constructor(code: number, message: string, type: string) {
    super(`Code: ${code}. DB::Exception: ${message}. (${type})`)
    this.name = 'ClickHouseException'
  }
}

/** HTTP statuses that ClickHouse gives these exception codes; everything else is 500. */
const STATUS: Record<string, number> = {
  '6': 400, // CANNOT_PARSE_TEXT
  '27': 400, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  '36': 400, // BAD_ARGUMENTS
  '47': 404, // UNKNOWN_IDENTIFIER
  '60': 404, // UNKNOWN_TABLE
  '62': 400, // SYNTAX_ERROR
  '81': 404, // UNKNOWN_DATABASE
  '159': 408, // TIMEOUT_EXCEEDED
  '456': 400, // UNKNOWN_QUERY_PARAMETER
  '516': 403, // AUTHENTICATION_FAILED
}

/** Status, exception code and text with which an error is answered. */
export function describeException(error: unknown): { status: number; code: string; message: string } {
  const message = messageOf(error)
  const code = /Code: (\d+)/.exec(message)?.[1] ?? '1002'
  return { status: STATUS[code] ?? 500, code, message }
}
