import { setTimeout as sleep } from 'node:timers/promises'
import type { QueryLimits } from '../query-limits.ts'
import type { Telemetry } from '../telemetry.ts'
import type { LogFilter } from './log-filter.ts'
import { readLogs, type LogRecord } from './search-logs.ts'

/** Between two looks into the store. */
const EVERY_MS = 1_000
/** Records may come this much later than they say, or be this far ahead, and still be shown. */
const LATE_MS = 60_000
/** Beyond this, one look shows the newest only and says how it went on. */
const MOST_PER_LOOK = 500

export interface TailBatch {
  /** Oldest first. */
  records: LogRecord[]
  /** More came than are shown. */
  skipped: boolean
}

/** Records as they arrive in the store, for as long as the signal does not fire. The first look shows nothing. */
export async function* tailLogs(
  telemetry: Telemetry,
  filter: Omit<LogFilter, 'from' | 'to'>,
  now: () => number,
  limits: QueryLimits & { signal: AbortSignal },
): AsyncGenerator<TailBatch> {
  let seen: Map<string, number> | null = null
  while (!limits.signal.aborted) {
    const span = { from: now() - LATE_MS, to: now() + LATE_MS }
    const rows = await readLogs(telemetry, { ...filter, ...span }, { limit: MOST_PER_LOOK * 20, after: null }, limits)
    const counts = new Map<string, number>()
    const fresh: LogRecord[] = []
    for (const { place, record } of rows) {
      const count = (counts.get(place) ?? 0) + 1
      counts.set(place, count)
      if (seen && count > (seen.get(place) ?? 0)) fresh.push(record)
    }
    seen = counts
    if (fresh.length > 0)
      yield { records: fresh.slice(0, MOST_PER_LOOK).toReversed(), skipped: fresh.length > MOST_PER_LOOK }
    await sleep(EVERY_MS, undefined, { signal: limits.signal }).catch(() => undefined)
  }
}
