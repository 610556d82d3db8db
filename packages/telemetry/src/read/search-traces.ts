import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { attributeConditions, type AttributeMatcher } from './attribute-condition.ts'
import { nanoInstantText } from './nano-instant.ts'

/** Traces with at least one span that is like this. */
export interface TraceFilter {
  workspace: number
  /** Spans that start in [from, to), epoch ms. */
  from: number
  to: number
  service: string
  /** Name of the span; service and operation are empty for any. */
  operation: string
  status: 'any' | 'ok' | 'error'
  minDurationMs: number
  maxDurationMs: number | null
  attributes: readonly AttributeMatcher[]
}

export interface TraceSummary {
  /** Hex. */
  traceId: string
  /** Start of the earliest span, RFC 3339 with nanoseconds. */
  startedAt: string
  /** From the start of the earliest span to the end of the latest, ms. */
  durationMs: number
  /** Of the span without a parent; of the earliest span where there is none. */
  rootService: string
  rootOperation: string
  spans: number
  errors: number
  services: string[]
}

type Row = Omit<TraceSummary, 'startedAt' | 'spans' | 'errors'> & { nanos: string; spans: string; errors: string }

/** Spans may lie this far from the one that matched and still be counted to the summary. */
const AROUND_MS = 3_600_000

/** Summaries of traces, by the start or the duration of the span that matched. */
export async function searchTraces(
  telemetry: Telemetry,
  filter: TraceFilter,
  { sort, limit }: { sort: 'newest' | 'slowest'; limit: number },
  limits: QueryLimits = {},
): Promise<TraceSummary[]> {
  const { sql, parameters } = spanCondition(filter)
  const found = await telemetry.rows<{ id: string }>(
    `SELECT hex(trace_id) AS id FROM spans WHERE ${sql}
     GROUP BY trace_id ORDER BY ${sort === 'newest' ? 'max(at)' : 'max(duration)'} DESC, id LIMIT {limit:UInt32}`,
    { ...parameters, limit },
    limits,
  )
  if (found.length === 0) return []
  const order = new Map(found.map(({ id }, i) => [id.toLowerCase(), i]))
  const rows = await telemetry.rows<Row>(
    `SELECT lower(hex(trace_id)) AS traceId, toUnixTimestamp64Nano(min(at)) AS nanos,
       (max(toUnixTimestamp64Nano(at) + duration) - toUnixTimestamp64Nano(min(at))) / 1e6 AS durationMs,
       argMin(service, (parent_span_id != toFixedString('', 8), at)) AS rootService,
       argMin(name, (parent_span_id != toFixedString('', 8), at)) AS rootOperation,
       uniqExact(span_id) AS spans, uniqExactIf(span_id, status_code = 2) AS errors,
       arraySort(groupUniqArray(100)(CAST(service AS String))) AS services
     FROM spans
     WHERE workspace = {workspace:UInt32} AND trace_id IN (SELECT unhex(arrayJoin({ids:Array(String)})))
       AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
     GROUP BY trace_id`,
    {
      workspace: filter.workspace,
      ids: found.map(({ id }) => id),
      from: Math.floor(filter.from - AROUND_MS),
      to: Math.ceil(filter.to + AROUND_MS),
    },
    limits,
  )
  return rows
    .map(({ nanos, spans, errors, ...row }) => ({
      ...row,
      startedAt: nanoInstantText(nanos),
      spans: Number(spans),
      errors: Number(errors),
    }))
    .sort((a, b) => order.get(a.traceId)! - order.get(b.traceId)!)
}

function spanCondition(filter: TraceFilter) {
  const attributes = attributeConditions(filter.attributes, false)
  const conditions = [
    'workspace = {workspace:UInt32}',
    'at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})',
    ...(filter.service === '' ? [] : ['service = {service:String}']),
    ...(filter.operation === '' ? [] : ['name = {operation:String}']),
    ...(filter.status === 'error' ? ['status_code = 2'] : []),
    ...(filter.status === 'ok' ? ['status_code != 2'] : []),
    ...(filter.minDurationMs > 0 ? ['duration >= {minDuration:UInt64}'] : []),
    ...(filter.maxDurationMs === null ? [] : ['duration <= {maxDuration:UInt64}']),
    attributes.sql,
  ]
  return {
    sql: conditions.join('\n       AND '),
    parameters: {
      workspace: filter.workspace,
      from: Math.floor(filter.from),
      to: Math.ceil(filter.to),
      ...(filter.service !== '' && { service: filter.service }),
      ...(filter.operation !== '' && { operation: filter.operation }),
      ...(filter.minDurationMs > 0 && { minDuration: Math.floor(filter.minDurationMs * 1e6) }),
      ...(filter.maxDurationMs !== null && { maxDuration: Math.ceil(filter.maxDurationMs * 1e6) }),
      ...attributes.parameters,
    },
  }
}
