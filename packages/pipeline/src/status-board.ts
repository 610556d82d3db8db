import { dataState, sloStatus, type SloStanding, type SloStatus } from '@nines/contracts'
import type { Redis } from 'ioredis'

/** One hash a workspace: field = SLO id, value = its newest status as JSON. A cache: evaluate rebuilds it at start. */
const boardKey = (prefix: string, workspaceId: string) => `${prefix}:slo-status:${workspaceId}`

/** The same of what lists show: eighty bytes instead of a thousand, which is what reading those of ten thousand SLOs comes down to. */
const standingsKey = (prefix: string, workspaceId: string) => `${prefix}:slo-standing:${workspaceId}`

/** Puts the newest statuses on the workspace's board; each replaces the SLO's former one. */
export async function writeSloStatuses(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  statuses: readonly SloStatus[],
): Promise<void> {
  if (statuses.length === 0) return
  const fields = statuses.flatMap((status) => [status.sloId, JSON.stringify(status)])
  const standings = statuses.flatMap((status) => [status.sloId, standingText(status)])
  const written = await redis
    .multi()
    .hset(boardKey(prefix, workspaceId), ...fields)
    .hset(standingsKey(prefix, workspaceId), ...standings)
    .exec()
  for (const [error] of written ?? []) if (error) throw error
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
  if (sloIds.length === 0) return
  await redis.hdel(boardKey(prefix, workspaceId), ...sloIds)
  await redis.hdel(standingsKey(prefix, workspaceId), ...sloIds)
}

const LAST_HOUR_SECONDS = 3600

/** What lists show of a status. */
export function standingOf({
  state,
  sli,
  budgetRemaining,
  burns,
  exhaustionSeconds,
  lastEventAt,
}: SloStatus): SloStanding {
  const burn1h = burns.find(({ windowSeconds }) => windowSeconds === LAST_HOUR_SECONDS)?.burnRate ?? null
  return { state, sli, budgetRemaining, burn1h, exhaustionSeconds, lastEventAt }
}

/** Without names: some eighty bytes. */
function standingText(status: SloStatus): string {
  const { state, sli, budgetRemaining, burn1h, exhaustionSeconds, lastEventAt } = standingOf(status)
  return JSON.stringify([state, sli, budgetRemaining, burn1h, exhaustionSeconds, lastEventAt])
}

/** How every SLO of the workspace stands, by id. An entry that another version wrote in another shape is left out. */
export async function readSloStandings(
  redis: Redis,
  prefix: string,
  workspaceId: string,
): Promise<Map<string, SloStanding>> {
  const standings = new Map<string, SloStanding>()
  for (const [sloId, json] of Object.entries(await redis.hgetall(standingsKey(prefix, workspaceId)))) {
    const standing = parseStanding(json)
    if (standing) standings.set(sloId, standing)
  }
  return standings
}

function parseStanding(json: string): SloStanding | undefined {
  let fields: unknown
  try {
    fields = JSON.parse(json)
  } catch {
    return undefined
  }
  if (!Array.isArray(fields) || fields.length !== 6) return undefined
  const state = dataState.options.find((one) => one === fields[0])
  const numbers: unknown[] = fields.slice(1)
  if (!state || !numbers.every(isNumberOrNull)) return undefined
  const [sli = null, budgetRemaining = null, burn1h = null, exhaustionSeconds = null, lastEventAt = null] = numbers
  return { state, sli, budgetRemaining, burn1h, exhaustionSeconds, lastEventAt }
}

const isNumberOrNull = (value: unknown): value is number | null => value === null || typeof value === 'number'

function parseStatus(json: string): SloStatus | undefined {
  try {
    return sloStatus.safeParse(JSON.parse(json)).data
  } catch {
    return undefined
  }
}
