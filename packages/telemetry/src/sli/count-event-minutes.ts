import { DAY_MS, HOUR_MS, minuteOf, MinuteSeries, type EventSli } from '@nines/slo'
import { countEvents, readEventMinutes } from '../read/event-minutes.ts'
import type { Telemetry } from '../telemetry.ts'
import type { CountedRange } from './counted-range.ts'

/** About as many rows are counted at once: telling spans apart takes memory for each. */
const ROWS_PER_READ = 2_000_000
const LONGEST_READ_MS = 30 * DAY_MS

/** Counts the minutes of an SLI over spans or log records in [from, to), oldest first, stretch by stretch. */
export async function* countEventMinutes(
  telemetry: Telemetry,
  { workspace, sli }: { workspace: number; sli: EventSli },
  { from, to }: { from: number; to: number },
): AsyncGenerator<CountedRange> {
  if (from >= to) return
  const rows = await countEvents(telemetry, { workspace, sli, from, to })
  const share = Math.min(1, ROWS_PER_READ / Math.max(1, rows))
  const chunkMs = Math.min(LONGEST_READ_MS, Math.max(HOUR_MS, minuteOf((to - from) * share)))
  for (let at = from; at < to; at = Math.min(to, at + chunkMs)) {
    const end = Math.min(to, at + chunkMs)
    const minutes = new MinuteSeries()
    for (const minute of await readEventMinutes(telemetry, { workspace, sli, from: at, to: end }))
      minutes.set(minute.at, minute)
    yield { from: at, to: end, minutes }
  }
}
