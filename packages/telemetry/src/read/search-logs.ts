import { NinesError } from '@nines/kernel'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { hexId } from './ids-as-text.ts'
import { logCondition, type LogFilter } from './log-filter.ts'
import { nanoInstantText } from './nano-instant.ts'

export interface LogRecord {
  /** RFC 3339 with nanoseconds. */
  at: string
  observedAt: string
  service: string
  severityNumber: number
  severityText: string
  /** Text, or JSON where `bodyIsJson`. */
  body: string
  bodyIsJson: boolean
  eventName: string
  attributes: Record<string, string>
  resource: Record<string, string>
  scopeName: string
  /** Hex, empty where there is none. */
  traceId: string
  spanId: string
}

export interface LogPage {
  records: LogRecord[]
  /** Continues behind the last record; null when there are no more. */
  nextCursor: string | null
}

/** A record that is told apart from others of its instant by a hash of what it says. */
export interface PlacedRecord {
  place: string
  record: LogRecord
}

type Row = Omit<LogRecord, 'at' | 'observedAt'> & { nanos: string; observedNanos: string; markText: string }

const MARK = 'cityHash64(observed_at, service, severity_number, body, attributes, resource, trace_id, span_id)'
const COLUMNS = `toUnixTimestamp64Nano(at) AS nanos, toUnixTimestamp64Nano(observed_at) AS observedNanos, service,
       severity_number AS severityNumber, severity_text AS severityText, body, body_is_json AS bodyIsJson,
       event_name AS eventName, attributes, resource, scope_name AS scopeName,
       ${hexId('trace_id', 16)} AS traceId, ${hexId('span_id', 8)} AS spanId, toString(mark) AS markText`

/** Log records newest first, page by page. Records that are alike in everything are all listed. */
export async function searchLogs(
  telemetry: Telemetry,
  filter: LogFilter,
  { limit, cursor = null }: { limit: number; cursor?: string | null },
  limits: QueryLimits = {},
): Promise<LogPage> {
  const after = cursor === null ? null : parseCursor(cursor)
  const rows = await readLogs(telemetry, filter, { limit: limit + 1, after }, limits)
  const page = rows.slice(0, limit)
  return {
    records: page.map(({ record }) => record),
    nextCursor: rows.length > limit ? cursorBehind(page, after) : null,
  }
}

interface Place {
  nanos: string
  mark: string
  /** How many records of this very place came before. */
  repeats: number
}

/** Records newest first with their places, behind the given one. */
export async function readLogs(
  telemetry: Telemetry,
  filter: LogFilter,
  { limit, after }: { limit: number; after: Place | null },
  limits: QueryLimits,
): Promise<PlacedRecord[]> {
  const { sql, parameters } = logCondition(filter)
  const bound = { ...parameters, limit, ...(after && { cursorAt: after.nanos, cursorMark: after.mark }) }
  const oldest = await oldestOf(telemetry, sql, bound, after, limits)
  if (oldest === null) return []
  const behind = after
    ? `AND at <= fromUnixTimestamp64Nano({cursorAt:Int64})
       AND (at < fromUnixTimestamp64Nano({cursorAt:Int64}) OR mark <= {cursorMark:UInt64})`
    : ''
  const rows = await telemetry.rows<Row>(
    `SELECT ${COLUMNS}
     FROM (SELECT *, ${MARK} AS mark FROM logs WHERE ${sql} AND at >= fromUnixTimestamp64Nano({oldest:Int64}))
     WHERE 1 ${behind}
     ORDER BY at DESC, mark DESC LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    { ...bound, oldest, offset: after?.repeats ?? 0 },
    limits,
  )
  return rows.map(({ nanos, observedNanos, markText, ...row }) => ({
    place: `${nanos}.${markText}`,
    record: { at: nanoInstantText(nanos), observedAt: nanoInstantText(observedNanos), ...row },
  }))
}

/** How far back the next `limit` records reach: found by their times alone, so that no other record is read whole. */
async function oldestOf(
  telemetry: Telemetry,
  sql: string,
  parameters: Record<string, unknown>,
  after: Place | null,
  limits: QueryLimits,
): Promise<string | null> {
  const before = after ? 'AND at < fromUnixTimestamp64Nano({cursorAt:Int64})' : ''
  const [row] = await telemetry.rows<{ oldest: string; found: string }>(
    `SELECT toUnixTimestamp64Nano(min(at)) AS oldest, count() AS found
     FROM (SELECT at FROM logs WHERE ${sql} ${before} ORDER BY at DESC LIMIT {limit:UInt32})`,
    parameters,
    limits,
  )
  return row && row.found !== '0' ? row.oldest : (after?.nanos ?? null)
}

function cursorBehind(page: readonly PlacedRecord[], after: Place | null): string {
  const last = page.at(-1)!.place
  const alike = page.filter(({ place }) => place === last).length
  const before = after && `${after.nanos}.${after.mark}` === last ? after.repeats : 0
  return Buffer.from(`${last}.${before + alike}`).toString('base64url')
}

function parseCursor(cursor: string): Place {
  const [nanos, mark, repeats] = Buffer.from(cursor, 'base64url').toString('latin1').split('.')
  if (!/^-?\d{1,19}$/.test(nanos ?? '') || !/^\d{1,20}$/.test(mark ?? '') || !/^\d{1,9}$/.test(repeats ?? ''))
    throw new NinesError('invalid', 'this cursor is none that the search gave out', {
      issues: [{ path: 'cursor', message: 'is none that the search gave out' }],
    })
  return { nanos: nanos!, mark: mark!, repeats: Number(repeats) }
}
