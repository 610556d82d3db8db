import type { QueryLimits } from '../../query-limits.ts'
import { nameSeries } from '../../read/name-series.ts'
import type { Telemetry } from '../../telemetry.ts'
import type { RunningRollups } from './running-rollups.ts'

const LIMITS: QueryLimits = { maxSeconds: 60, maxRowsToRead: 2_000_000_000 }

/**
 * Tells the rollups what the store knew before them: up to when samples are stored, and what the series are whose samples
 * went by. Rejects while the store is away; nothing is lost by that, and it may be tried again at any time.
 */
export async function informRollups(telemetry: Telemetry, rollups: RunningRollups, signal: AbortSignal): Promise<void> {
  if (!rollups.isWhole) rollups.setWholeFrom(await newestStored(telemetry, signal))
  await nameSeries(telemetry, rollups, signal)
}

/** Time of the newest sample of any workspace, epoch ms; ClickHouse reads it off the parts. */
async function newestStored(telemetry: Telemetry, signal: AbortSignal): Promise<number> {
  const rows = await telemetry.rows<{ newest: string }>(
    'SELECT toUnixTimestamp64Milli(max(at)) AS newest FROM samples',
    {},
    { ...LIMITS, signal },
  )
  return Number(rows[0]!.newest)
}
