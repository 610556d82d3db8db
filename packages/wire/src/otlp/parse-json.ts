import { messageOf, NinesError } from '@nines/kernel'

/** A number of so many digits may be one that no double holds exactly. */
const LONG_NUMBER = /[[:,]\s*-?\d{16}/
const INTEGER = /^-?\d+$/

/**
 * A body of OTLP in JSON. Protobuf's mapping writes integers of 64 bits as text and lets a sender write numbers: those
 * that a double would round are given as text, which the readers of fields take all the same.
 */
export function parseJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8')
  try {
    return LONG_NUMBER.test(text) ? (JSON.parse(text, exactInteger) as unknown) : JSON.parse(text)
  } catch (error) {
    throw new NinesError('bad_request', `the body is not valid JSON: ${messageOf(error)}`)
  }
}

function exactInteger(_: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value
  return INTEGER.test(source) ? source : value
}
