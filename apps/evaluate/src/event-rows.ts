import { hash } from 'node:crypto'
import type { Labels } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { LogEvent, SpanEvent } from '@nines/slo'
import {
  columnOf,
  readBigUints,
  readIntegers,
  readTexts,
  selectRows,
  TextCursor,
  type Column,
  type ColumnTable,
} from '@nines/wire'
import { EventKey } from './event-key.ts'

/** Which rows of a block are looked at, and what of them. */
export interface WantedRows {
  /** Services whose rows are wanted; null for any. */
  services: ReadonlySet<string> | null
  /** Names of the attributes that decide. */
  attributes: ReadonlySet<string>
}

/** An event beside the instant it counts at (epoch ms) and its key, which is good until the next row. */
export interface PlacedEvent<T> {
  at: number
  key: EventKey
  event: T
}

const NANOS_PER_MS = 1_000_000n
const SPAN_COLUMNS = ['at', 'duration', 'trace_id', 'span_id', 'name', 'kind', 'service', 'status_code']
const LOG_COLUMNS = ['at', 'service', 'severity_number', 'body']

/** Spans of a block's table. A span counts at its start, in the store as well. */
export function* spansOf(table: ColumnTable, wanted: WantedRows): Generator<PlacedEvent<SpanEvent>> {
  const rows = rowsOf(table, SPAN_COLUMNS, wanted)
  if (rows.rows === 0) return
  const at = readBigUints(streamOf(rows, 'at'))
  const duration = readIntegers(streamOf(rows, 'duration'))
  const [name, service] = [textsOf(rows, 'name'), textsOf(rows, 'service')]
  const [kind, status] = [streamOf(rows, 'kind'), streamOf(rows, 'status_code')]
  const [traceId, spanId] = [streamOf(rows, 'trace_id'), streamOf(rows, 'span_id')]
  const attributes = attributesOf(rows, wanted.attributes)
  const key = new EventKey()
  for (let row = 0; row < rows.rows; row++) {
    key.begin()
    for (let i = 16 * row; i < 16 * row + 16; i += 4) key.add(traceId.readUInt32LE(i))
    for (let i = 8 * row; i < 8 * row + 8; i += 4) key.add(spanId.readUInt32LE(i))
    const event = {
      service: service[row]!,
      name: name[row]!,
      kind: kind[row]!,
      statusCode: status[row]!,
      durationNs: duration[row]!,
      attributes: attributes(row),
    }
    yield { at: Number(at[row]! / NANOS_PER_MS), key, event }
  }
}

/** Log records of a block's table. */
export function* logsOf(table: ColumnTable, wanted: WantedRows): Generator<PlacedEvent<LogEvent>> {
  const rows = rowsOf(table, LOG_COLUMNS, wanted)
  if (rows.rows === 0) return
  const at = readBigUints(streamOf(rows, 'at'))
  const [service, body] = [textsOf(rows, 'service'), textsOf(rows, 'body')]
  const severity = streamOf(rows, 'severity_number')
  const attributes = attributesOf(rows, wanted.attributes)
  const key = new EventKey()
  for (let row = 0; row < rows.rows; row++) {
    // The same as the store makes of its rows (LOG_KEY).
    const digest = hash('md5', `${at[row]!}\0${service[row]!}\0${body[row]!}`, 'buffer')
    key.begin()
    key.add(digest.readUInt32LE(0))
    key.add(digest.readUInt32LE(4))
    const event = {
      service: service[row]!,
      body: body[row]!,
      severityNumber: severity[row]!,
      attributes: attributes(row),
    }
    yield { at: Number(at[row]! / NANOS_PER_MS), key, event }
  }
}

/** The wanted rows with only the columns that are looked at: the rest of a block is never decoded. */
function rowsOf(table: ColumnTable, names: readonly string[], { services, attributes }: WantedRows): ColumnTable {
  const needed = attributes.size > 0 ? [...names, 'attributes', 'resource'] : names
  const columns = needed.map((name) => requireColumn(table, name))
  const whole = { ...table, columns }
  if (services === null) return whole
  const cursor = new TextCursor(streamOf(table, 'service'))
  const isWanted = new Uint8Array(table.rows)
  for (let row = 0; row < table.rows; row++) {
    isWanted[row] = cursor.next() ? isWanted[row - 1]! : Number(services.has(cursor.text()))
  }
  return selectRows(whole, (row) => isWanted[row] === 1)
}

function attributesOf(table: ColumnTable, names: ReadonlySet<string>): (row: number) => Labels {
  const none: Labels = {}
  if (names.size === 0) return () => none
  const found = Array.from({ length: table.rows }, (): Record<string, string> => ({}))
  // An attribute of the row itself is written first and stays.
  for (const map of ['attributes', 'resource']) addEntries(found, requireColumn(table, map), names)
  return (row) => found[row]!
}

/** Adds the entries of those names that the rows of a map column have and that are not there yet; decodes no others. */
function addEntries(found: Record<string, string>[], { streams }: Column, names: ReadonlySet<string>): void {
  const [offsets, keyStream, valueStream] = streams as [Buffer, Buffer, Buffer]
  const ends = readIntegers(offsets)
  const [keys, values] = [new TextCursor(keyStream), new TextCursor(valueStream)]
  const wanted = Array.from(names, (name) => ({ name, bytes: Buffer.from(name) }))
  let entry = 0
  for (const [row, end] of ends.entries()) {
    for (; entry < end; entry++) {
      keys.next()
      values.next()
      const match = wanted.find(({ bytes }) => isAt(keys, bytes))
      const entries = found[row]!
      if (match && !Object.hasOwn(entries, match.name)) entries[match.name] = values.text()
    }
  }
}

function isAt({ bytes, start, end }: TextCursor, text: Buffer): boolean {
  return end - start === text.length && bytes.compare(text, 0, text.length, start, end) === 0
}

function requireColumn(table: ColumnTable, name: string): Column {
  const column = columnOf(table, name)
  if (!column) throw new NinesError('invalid', `a block's table ${table.name} has no column ${name}`)
  return column
}

function streamOf(table: ColumnTable, name: string): Buffer {
  return requireColumn(table, name).streams[0]!
}

function textsOf(table: ColumnTable, name: string): string[] {
  return readTexts(streamOf(table, name), table.rows)
}
