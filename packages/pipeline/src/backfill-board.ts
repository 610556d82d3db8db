import { sloBackfill, type SloBackfill } from '@nines/contracts'
import type { Redis } from 'ioredis'

/**
 * One hash a workspace: field = SLO id, value = the progress of its newest version as JSON. For people's eyes only: what
 * was computed is in the slices, and evaluate goes by these.
 */
const boardKey = (prefix: string, workspaceId: string) => `${prefix}:slo-backfill:${workspaceId}`

/** Replaces what the board says about the SLO. */
export async function writeSloBackfill(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  backfill: SloBackfill,
): Promise<void> {
  await redis.hset(boardKey(prefix, workspaceId), backfill.sloId, JSON.stringify(backfill))
}

/** What the board says about the SLO, whatever version; null when nothing, or nothing that can be read. */
export async function readSloBackfill(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  sloId: string,
): Promise<SloBackfill | null> {
  const json = await redis.hget(boardKey(prefix, workspaceId), sloId)
  if (json === null) return null
  try {
    return sloBackfill.safeParse(JSON.parse(json)).data ?? null
  } catch {
    return null
  }
}

/** Takes archived SLOs off the board. */
export async function removeSloBackfills(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  sloIds: readonly string[],
): Promise<void> {
  if (sloIds.length > 0) await redis.hdel(boardKey(prefix, workspaceId), ...sloIds)
}
