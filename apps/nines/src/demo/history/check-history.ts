import { checkRunId, nextRunAt } from '@nines/checks'
import type { CheckRun } from '@nines/contracts'
import { seededRandom } from '@nines/kernel'

export interface WatchedCheck {
  id: string
  location: string
  intervalSeconds: number
}

/** Share of runs that failed on ordinary days. */
const FAILING_SHARE = 0.0004

/** Past runs of a check on its own grid, `startAt` < scheduledAt <= `endAt`, in chunks; the same span gives the same runs. */
export function* checkHistory(
  check: WatchedCheck,
  startAt: number,
  endAt: number,
  chunkSize: number,
): Generator<CheckRun[]> {
  const random = seededRandom(99)
  const grid = { checkId: check.id, location: check.location, intervalMs: check.intervalSeconds * 1000 }
  let chunk: CheckRun[] = []
  for (let at = nextRunAt(startAt, grid); at <= endAt; at = nextRunAt(at, grid)) {
    chunk.push(pastRun(check, at, random))
    if (chunk.length < chunkSize) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

function pastRun({ id, location }: WatchedCheck, scheduledAt: number, random: () => number): CheckRun {
  const ok = random() >= FAILING_SHARE
  const connectMs = 0.2 + random() * 0.4
  const firstByteMs = 8 + random() * 20
  const transferMs = 0.2 + random()
  return {
    checkId: id,
    location,
    runId: checkRunId(id, location, scheduledAt),
    scheduledAt,
    startedAt: scheduledAt + 2,
    durationMs: connectMs + firstByteMs + transferMs,
    ok,
    statusCode: ok ? 200 : 503,
    error: ok ? '' : 'status 503, expected 2xx',
    phases: { dnsMs: null, connectMs, tlsMs: null, firstByteMs, transferMs },
  }
}
