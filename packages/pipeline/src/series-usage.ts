import { seriesUsage, type SeriesUsage } from '@nines/contracts'
import type { Redis } from 'ioredis'

/** What an ingest process knows of a workspace's series; the limit comes from the settings. */
export type SeriesSnapshot = Omit<SeriesUsage, 'maxActiveSeries'>

const snapshot = seriesUsage.omit({ maxActiveSeries: true })
const NOTHING: SeriesSnapshot = { measuredAt: null, activeSeries: 0, topMetrics: [], topLabels: [] }
/** A process that ended leaves its snapshot for this long. */
const KEPT_MS = 10 * 60_000
const TOP = 10

/** One hash a workspace: field = replica, value = its newest snapshot as JSON. */
const seriesKey = (prefix: string, workspaceId: string) => `${prefix}:usage:series:${workspaceId}`

export async function writeSeriesUsage(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  replica: string,
  taken: SeriesSnapshot,
): Promise<void> {
  const key = seriesKey(prefix, workspaceId)
  const batch = redis.pipeline().hset(key, replica, JSON.stringify(taken)).pexpire(key, KEPT_MS)
  for (const [error] of (await batch.exec()) ?? []) if (error) throw error
}

/**
 * The replicas' snapshots as one. A series may be known to several replicas, so counts are not added up: of each name the
 * highest count is taken, which is exact for one replica and for senders that are spread evenly.
 */
export async function readSeriesUsage(redis: Redis, prefix: string, workspaceId: string): Promise<SeriesSnapshot> {
  const taken = Object.values(await redis.hgetall(seriesKey(prefix, workspaceId))).flatMap(parseSnapshot)
  const newest = taken
    .map(({ measuredAt }) => measuredAt ?? '')
    .toSorted()
    .at(-1)
  if (!newest) return NOTHING
  const edge = Date.parse(newest) - KEPT_MS
  const recent = taken.filter(({ measuredAt }) => measuredAt !== null && Date.parse(measuredAt) >= edge)
  return {
    measuredAt: newest,
    activeSeries: Math.max(...recent.map(({ activeSeries }) => activeSeries)),
    topMetrics: highest(recent.flatMap(({ topMetrics }) => topMetrics.map((t) => [t.metric, t.series] as const))).map(
      ([metric, series]) => ({ metric, series }),
    ),
    topLabels: highest(recent.flatMap(({ topLabels }) => topLabels.map((t) => [t.label, t.values] as const))).map(
      ([label, values]) => ({ label, values }),
    ),
  }
}

function highest(counts: readonly (readonly [string, number])[]): [string, number][] {
  const best = new Map<string, number>()
  for (const [name, count] of counts) best.set(name, Math.max(count, best.get(name) ?? 0))
  return [...best].toSorted((a, b) => b[1] - a[1]).slice(0, TOP)
}

function parseSnapshot(json: string): SeriesSnapshot[] {
  try {
    const parsed = snapshot.safeParse(JSON.parse(json))
    return parsed.success ? [parsed.data] : []
  } catch {
    return []
  }
}
