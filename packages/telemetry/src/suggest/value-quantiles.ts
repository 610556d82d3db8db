import type { QuantileValue } from '@nines/slo'
import type { QueryLimits } from '../query-limits.ts'
import { seriesIdList } from '../read/series-id-list.ts'
import type { Telemetry } from '../telemetry.ts'
import { POINTS_IN_SPAN, type PointsOfSeries } from './stored-rows.ts'

const LIMITS: QueryLimits = { maxSeconds: 15, maxRowsToRead: 200_000_000 }

/** Quantiles of the samples of gauges, all series together; empty without samples. */
export async function sampleQuantiles(
  telemetry: Telemetry,
  { workspace, series, from, to }: PointsOfSeries,
  quantiles: readonly number[],
  limits: QueryLimits = {},
): Promise<QuantileValue[]> {
  return quantilesOf(
    telemetry,
    { quantiles, limits, workspace, from, to },
    {
      of: 'value',
      table: 'samples',
      where: `series IN (${seriesIdList(series)}) AND isFinite(value)`,
      parameters: {},
    },
  )
}

/** Quantiles of the durations of a service's spans of one kind, in milliseconds. */
export async function spanQuantiles(
  telemetry: Telemetry,
  of: { workspace: number; service: string; kind: 'server' | 'consumer'; from: number; to: number },
  quantiles: readonly number[],
  limits: QueryLimits = {},
): Promise<QuantileValue[]> {
  const { workspace, service, kind, from, to } = of
  return quantilesOf(
    telemetry,
    { quantiles, limits, workspace, from, to },
    {
      of: 'duration / 1e6',
      table: 'spans',
      where: `service = {service:String} AND kind = ${kind === 'server' ? 2 : 5}`,
      parameters: { service },
    },
  )
}

async function quantilesOf(
  telemetry: Telemetry,
  asked: { quantiles: readonly number[]; limits: QueryLimits; workspace: number; from: number; to: number },
  source: { of: string; table: string; where: string; parameters: Record<string, unknown> },
): Promise<QuantileValue[]> {
  const { quantiles, limits, workspace, from, to } = asked
  const [row] = await telemetry.rows<{ found: (number | null)[]; rows: string }>(
    `SELECT quantiles(${quantiles.map((quantile) => quantile.toFixed(4)).join(', ')})(${source.of}) AS found,
       count() AS rows
     FROM ${source.table} WHERE workspace = {workspace:UInt32} AND ${source.where} AND ${POINTS_IN_SPAN}`,
    { ...source.parameters, workspace, from: Math.ceil(from), to: Math.ceil(to) },
    { ...LIMITS, ...limits },
  )
  if (!row || Number(row.rows) === 0) return []
  return quantiles.map((quantile, i) => ({ quantile, value: Number(row.found[i]) }))
}
