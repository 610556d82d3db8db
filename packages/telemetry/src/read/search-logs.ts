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

type Row = Omit<LogRecord, 'at' | 'observedAt'> & { nanos: string; observedNanos: string; mark: string }

const MARK = 'cityHash64(observed_at, service, severity_number, body, attributes, resource, trace_id, span_id)'
const COLUMNS = `toUnixTimestamp64Nano(at) AS nanos, toUnixTimestamp64Nano(observed_at) AS observedNanos, service,
       severity_number AS severityNumber, severity_text AS severityText, body, body_is_json AS bodyIsJson,
       event_name AS eventName, attributes, resource, scope_name AS scopeName,
       ${hexId('trace_id', 16)} AS traceId, ${hexId('span_id', 8)} AS spanId, toString(mark) AS mark`

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
  const behind = after
    ? `AND at <= fromUnixTimestamp64Nano({cursorAt:Int64})
       AND (at < fromUnixTimestamp64Nano({cursorAt:Int64}) OR mark <= {cursorMark:UInt64})`
    : ''
  const rows = await telemetry.rows<Row>(
    `SELECT ${COLUMNS}
     FROM (SELECT *, ${MARK} AS mark FROM logs WHERE ${sql})
     WHERE 1 ${behind}
     ORDER BY at DESC, mark DESC LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    {
      ...parameters,
      limit,
      offset: after?.repeats ?? 0,
      ...(after && { cursorAt: after.nanos, cursorMark: after.mark }),
    },
    limits,
  )
  return rows.map(({ nanos, observedNanos, mark, ...row }) => ({
    place: `${nanos}.${mark}`,
    record: { at: nanoInstantText(nanos), observedAt: nanoInstantText(observedNanos), ...row },
  }))
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
