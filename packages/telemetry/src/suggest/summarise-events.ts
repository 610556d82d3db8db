import type { LogSummary, SpanSummary } from '@nines/slo'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { normalNameSql } from './service-name-sql.ts'

/** Rows of the services with these names (normalised) in [from, to), epoch ms. */
export interface EventsOfNames {
  workspace: number
  names: readonly string[]
  from: number
  to: number
}

const LIMITS: QueryLimits = { maxSeconds: 15, maxRowsToRead: 1_000_000_000 }
const IN_SPAN = `at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})`
const OF_NAMES = `workspace = {workspace:UInt32} AND has({names:Array(String)}, ${normalNameSql('toString(service)')})`
const EXTENT = `toUnixTimestamp64Milli(toDateTime64(min(at), 3)) AS firstAt,
  toUnixTimestamp64Milli(toDateTime64(max(at), 3)) AS lastAt`

/** Spans that answer somebody, by service and kind. */
export async function summariseSpans(
  telemetry: Telemetry,
  query: EventsOfNames,
  limits: QueryLimits = {},
): Promise<SpanSummary[]> {
  const rows = await telemetry.rows<{ service: string; isServer: boolean; spans: string } & Extent>(
    `SELECT service, kind = 2 AS isServer, count() AS spans, ${EXTENT} FROM spans
     WHERE ${OF_NAMES} AND kind IN (2, 5) AND ${IN_SPAN} GROUP BY service, isServer ORDER BY service, isServer DESC`,
    parametersOf(query),
    { ...LIMITS, ...limits },
  )
  return rows.map(({ service, isServer, spans, ...extent }) => ({
    service,
    kind: Number(isServer) === 1 ? 'server' : 'consumer',
    spans: Number(spans),
    ...toExtent(extent),
  }))
}

/** Log records by service. */
export async function summariseLogs(
  telemetry: Telemetry,
  query: EventsOfNames,
  limits: QueryLimits = {},
): Promise<LogSummary[]> {
  const rows = await telemetry.rows<
    { service: string; records: string; withSeverity: string; errors: string } & Extent
  >(
    `SELECT service, count() AS records, countIf(severity_number > 0) AS withSeverity,
       countIf(severity_number >= 17) AS errors, ${EXTENT} FROM logs
     WHERE ${OF_NAMES} AND toStartOfFiveMinutes(at) >= toStartOfFiveMinutes(fromUnixTimestamp64Milli({from:Int64}))
       AND ${IN_SPAN} GROUP BY service ORDER BY service`,
    parametersOf(query),
    { ...LIMITS, ...limits },
  )
  return rows.map(({ service, records, withSeverity, errors, ...extent }) => ({
    service,
    records: Number(records),
    withSeverity: Number(withSeverity),
    errors: Number(errors),
    ...toExtent(extent),
  }))
}

interface Extent {
  firstAt: string
  lastAt: string
}

function toExtent({ firstAt, lastAt }: Extent): { firstAt: number; lastAt: number } {
  return { firstAt: Number(firstAt), lastAt: Number(lastAt) }
}

function parametersOf({ workspace, names, from, to }: EventsOfNames): Record<string, unknown> {
  return { workspace, names, from: Math.ceil(from), to: Math.ceil(to) }
}
