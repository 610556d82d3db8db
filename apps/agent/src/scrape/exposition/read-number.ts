import type { TextCursor } from './text-cursor.ts'

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const INFINITE = /^([+-]?)inf(?:inity)?$/i
const INTEGER = /^-?\d+$/
/** Epoch ms of the year 9999 and its mirror: beyond, it is no time but a number in a wrong unit. */
const MAX_TIME_MS = 253_402_300_799_999

/** A sample's value. */
export function readValue(cursor: TextCursor): number {
  const start = cursor.position
  const word = cursor.word()
  if (word === '') cursor.fail(`expected a value, found ${cursor.found()}`)
  if (DECIMAL.test(word)) {
    const value = Number(word)
    return Number.isFinite(value) ? value : cursor.fail(`the value ${JSON.stringify(word)} is out of range`, start)
  }
  if (/^nan$/i.test(word)) return NaN
  const infinite = INFINITE.exec(word)
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity
  return cursor.fail(`the value ${shown(word)} is not a number`, start)
}

/** A timestamp in whole milliseconds (text format). */
export function readMilliseconds(cursor: TextCursor): number {
  const start = cursor.position
  const word = cursor.word()
  if (!INTEGER.test(word)) cursor.fail(`the timestamp ${shown(word)} is not a whole number of milliseconds`, start)
  return inRange(Number(word), word, cursor, start)
}

/** A timestamp in seconds (OpenMetrics), as epoch ms. */
export function readSeconds(cursor: TextCursor): number {
  const start = cursor.position
  const word = cursor.word()
  if (!DECIMAL.test(word)) cursor.fail(`the timestamp ${shown(word)} is not a number of seconds`, start)
  return inRange(Math.round(Number(word) * 1000), word, cursor, start)
}

function inRange(ms: number, word: string, cursor: TextCursor, start: number): number {
  return Math.abs(ms) <= MAX_TIME_MS ? ms : cursor.fail(`the timestamp ${shown(word)} is out of range`, start)
}

function shown(word: string): string {
  return JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word)
}
