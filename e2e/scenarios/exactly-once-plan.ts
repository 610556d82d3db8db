import { seededRandom } from '@nines/kernel'
import type { SenderShape } from './retrying-sender.ts'
import { telemetryFormats } from './telemetry-formats.ts'

const VICTIMS = ['ingest', 'store', 'clickhouse', 'redis'] as const
const LOAD_MS = 4_000
/** The first kill comes when the load runs, the last while there is still load to see what follows it. */
const KILLS_FROM_MS = 300
const KILLS_TO_MS = 3_600

export interface Kill {
  victim: (typeof VICTIMS)[number]
  atMs: number
}

/** What happens in the round of one seed: the same for the same seed. */
export interface RoundPlan {
  seed: number
  loadMs: number
  kills: Kill[]
  senders: { shape: SenderShape; random: () => number }[]
}

export function planRound(seed: number): RoundPlan {
  const random = seededRandom(seed)
  const below = (bound: number) => Math.floor(random() * bound)
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T
  const kills = Array.from({ length: 1 + below(3) }, () => ({
    victim: pick(VICTIMS),
    atMs: KILLS_FROM_MS + below(KILLS_TO_MS - KILLS_FROM_MS),
  }))
  // Now and then two at once, so that neither is there to make up for the other.
  const [one] = kills
  if (one !== undefined && random() < 0.3) kills.push({ victim: pick(VICTIMS), atMs: one.atMs + below(50) })
  // Every format in turn, and some once more.
  const formats = [...telemetryFormats, ...Array.from({ length: 1 + below(3) }, () => pick(telemetryFormats))]
  const senders = formats.map((format) => ({
    shape: { format, maxRows: pick([1, 20, 400]), parallel: 1 + below(4), maxPauseMs: pick([5, 30, 120]) },
    random: seededRandom(below(2 ** 31)),
  }))
  return { seed, loadMs: LOAD_MS, kills: kills.sort((a, b) => a.atMs - b.atMs), senders }
}
