import { sloStatus, type SloStatus } from '@nines/contracts'
import type { Redis } from 'ioredis'

/** One hash a workspace: field = SLO id, value = its newest status as JSON. A cache: evaluate rebuilds it at start. */
const boardKey = (prefix: string, workspaceId: string) => `${prefix}:slo-status:${workspaceId}`

/** Puts the newest statuses on the workspace's board; each replaces the SLO's former one. */
export async function writeSloStatuses(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  statuses: readonly SloStatus[],
): Promise<void> {
  if (statuses.length === 0) return
  const fields = statuses.flatMap((status) => [status.sloId, JSON.stringify(status)])
  await redis.hset(boardKey(prefix, workspaceId), ...fields)
}

/** Every status on the workspace's board by SLO id. An entry that another version wrote in another shape is left out. */
export async function readSloStatuses(
  redis: Redis,
  prefix: string,
  workspaceId: string,
): Promise<Map<string, SloStatus>> {
  const fields = await redis.hgetall(boardKey(prefix, workspaceId))
  const statuses = new Map<string, SloStatus>()
  for (const [sloId, json] of Object.entries(fields)) {
    const status = parseStatus(json)
    if (status) statuses.set(sloId, status)
  }
  return statuses
}

/** The same of some SLOs. */
export async function readStatusesOf(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  sloIds: readonly string[],
): Promise<Map<string, SloStatus>> {
  const statuses = new Map<string, SloStatus>()
  if (sloIds.length === 0) return statuses
  const found = await redis.hmget(boardKey(prefix, workspaceId), ...sloIds)
  for (const json of found) {
    const status = json === null ? undefined : parseStatus(json)
    if (status) statuses.set(status.sloId, status)
  }
  return statuses
}

/** The status of one SLO; null before its first one, or where another version wrote it in another shape. */
export async function readSloStatus(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  sloId: string,
): Promise<SloStatus | null> {
  return (await readStatusesOf(redis, prefix, workspaceId, [sloId])).get(sloId) ?? null
}

/** Takes archived SLOs off the board. */
export async function removeSloStatuses(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  sloIds: readonly string[],
): Promise<void> {
  if (sloIds.length > 0) await redis.hdel(boardKey(prefix, workspaceId), ...sloIds)
}

function parseStatus(json: string): SloStatus | undefined {
  try {
    return sloStatus.safeParse(JSON.parse(json)).data
  } catch {
    return undefined
  }
}
