import type { LogsSli, SpansSli } from '@nines/contracts'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { eventConditions } from './event-condition.ts'

/** Rows whose instant (of a span, its start) lies in [from, to), epoch ms. */
export interface EventsQuery {
  workspace: number
  sli: SpansSli | LogsSli
  from: number
  to: number
}

export interface EventMinute {
  /** Start of the minute, epoch ms. */
  at: number
  good: number
  total: number
}

/** Events of single rows as columns. */
export interface EventColumns {
  rows: number
  /** Epoch ms. */
  at: Float64Array
  /** 1 where the event is good. */
  isGood: Float64Array
  /** Of spans three words: both halves of the trace id, and the span id. Of log records one, see LOG_KEY. */
  keys: BigUint64Array[]
}

/** What tells log records apart: MD5 of instant (ns), service and body; its first eight bytes as a little-endian word. */
const LOG_KEY = `reinterpretAsUInt64(substring(MD5(concat(toString(toUnixTimestamp64Nano(at)), '\\0', service, '\\0', body)), 1, 8))`
const WORD = (column: string, from: number) => `reinterpretAsUInt64(substring(${column}, ${from}, 8))`
const KEYS = {
  spans: [WORD('trace_id', 1), WORD('trace_id', 9), WORD('span_id', 1)],
  logs: [LOG_KEY],
}
/** Counting the history of an SLI may look at every row there is; how much at once is for the caller to say. */
const LIMITS: QueryLimits = { maxSeconds: 120, maxRowsToRead: 1e12 }

/** Events by minute, ascending; minutes without any are left out. A span that was stored twice counts once. */
export async function readEventMinutes(telemetry: Telemetry, query: EventsQuery): Promise<EventMinute[]> {
  const { table, isGood, sql, parameters } = rowsOf(query)
  const [good, total] =
    table === 'spans'
      ? [`uniqExactIf((trace_id, span_id), ${isGood})`, 'uniqExact((trace_id, span_id))']
      : [`countIf(${isGood})`, 'count()']
  const result = await telemetry.columns(
    `SELECT toFloat64(toUnixTimestamp(toStartOfMinute(at))) * 1000 AS minute, toFloat64(${good}) AS good,
       toFloat64(${total}) AS total
     FROM ${table} WHERE ${sql} GROUP BY minute ORDER BY minute`,
    parameters,
    LIMITS,
  )
  const [minute, goods, totals] = [result.numbers('minute'), result.numbers('good'), result.numbers('total')]
  return Array.from({ length: result.rowCount }, (_, i) => ({ at: minute[i]!, good: goods[i]!, total: totals[i]! }))
}

/** The events one by one, in no order, as often as they are stored. */
export async function readEvents(telemetry: Telemetry, query: EventsQuery): Promise<EventColumns> {
  const { table, isGood, sql, parameters } = rowsOf(query)
  const keys = KEYS[table].map((key, i) => `${key} AS key${i}`)
  const result = await telemetry.columns(
    `SELECT toFloat64(toUnixTimestamp64Milli(at)) AS instant, toUInt8(${isGood}) AS is_good, ${keys.join(', ')}
     FROM ${table} WHERE ${sql}`,
    parameters,
    LIMITS,
  )
  return {
    rows: result.rowCount,
    at: result.numbers('instant'),
    isGood: result.numbers('is_good'),
    keys: KEYS[table].map((_, i) => result.bigints(`key${i}`)),
  }
}

/** How many rows a reading of the interval looks at, about. */
export async function countEvents(telemetry: Telemetry, query: EventsQuery): Promise<number> {
  const { table, sql, parameters } = rowsOf(query)
  const rows = await telemetry.rows<{ n: string }>(`SELECT count() AS n FROM ${table} WHERE ${sql}`, parameters, LIMITS)
  return Number(rows[0]?.n ?? 0)
}

function rowsOf({ workspace, sli, from, to }: EventsQuery) {
  const { table, isEvent, isGood, parameters } = eventConditions(sli)
  const instant = (name: string) => `fromUnixTimestamp64Milli({${name}:Int64})`
  const sql = [
    'workspace = {workspace:UInt32}',
    // On the key of logs; of spans service and name are enough.
    ...(table === 'logs'
      ? [
          `toStartOfFiveMinutes(at) >= toStartOfFiveMinutes(${instant('from')})`,
          `toStartOfFiveMinutes(at) <= toStartOfFiveMinutes(${instant('to')})`,
        ]
      : []),
    `at >= ${instant('from')} AND at < ${instant('to')}`,
    isEvent,
  ].join(' AND ')
  return { table, isGood, sql, parameters: { ...parameters, workspace, from: Math.ceil(from), to: Math.ceil(to) } }
}
