import { NinesError } from '@nines/kernel'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import { logCondition, type LogFilter } from './log-filter.ts'

/** Classes of severity, by OTLP's numbers: four a class; `unset` is 0. */
export const SEVERITIES = ['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type Severity = (typeof SEVERITIES)[number]

export interface LogBucket {
  /** Start, epoch ms. */
  at: number
  counts: Partial<Record<Severity, number>>
}

const MAX_BUCKETS = 2_000

/** Log records by interval and severity; intervals without any are left out. */
export async function logHistogram(
  telemetry: Telemetry,
  filter: LogFilter,
  stepMs: number,
  limits: QueryLimits = {},
): Promise<LogBucket[]> {
  if ((filter.to - filter.from) / stepMs > MAX_BUCKETS)
    throw new NinesError('too_large', `more than ${MAX_BUCKETS} intervals: take longer ones`)
  const { sql, parameters } = logCondition(filter)
  const rows = await telemetry.rows<{ bucket: string; severity: number; records: string }>(
    `SELECT intDiv(toUnixTimestamp64Milli(at), {step:Int64}) * {step:Int64} AS bucket,
       least(6, intDiv(severity_number + 3, 4)) AS severity, count() AS records
     FROM logs WHERE ${sql} GROUP BY bucket, severity ORDER BY bucket, severity`,
    { ...parameters, step: stepMs },
    limits,
  )
  const buckets = new Map<number, LogBucket>()
  for (const { bucket, severity, records } of rows) {
    const at = Number(bucket)
    const own = buckets.get(at) ?? { at, counts: {} }
    buckets.set(at, own)
    own.counts[SEVERITIES[severity] ?? 'fatal'] = Number(records)
  }
  return [...buckets.values()]
}
