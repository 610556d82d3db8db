import { listSlos as route } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { readSloStandings, readSloStatuses, readStatusesOf } from '@nines/pipeline'
import { countSlos, findSlos, listSloNames, listSlos as allSlos, pageOfSlos, type StoredSlo } from '@nines/records'
import type { ApiContext } from '../../context.ts'
import { handle } from '../../http/handle.ts'
import { rankSlos, type Ranking } from './rank-slos.ts'

const DEFAULT_LIMIT = 100

export const listSlos = handle(route, async ({ workspace, query }, context) => {
  const { prisma, redis, redisPrefix } = context
  const { serviceId, limit, cursor, sort, search, page } = query
  if (sort !== undefined || search !== undefined || page !== undefined) {
    if (cursor !== undefined) throw notWithCursor()
    return rankedPage(context, workspace.id, { ...query, limit: limit ?? DEFAULT_LIMIT, page: page ?? 1 })
  }
  if (limit === undefined && cursor === undefined) {
    const slos = await allSlos(prisma, workspace.id, serviceId)
    const statuses = await readSloStatuses(redis, redisPrefix, workspace.id)
    const items = slos.map((slo) => ({ ...slo, status: statuses.get(slo.id) ?? null }))
    return { items, nextCursor: null, total: items.length }
  }
  const [{ items, nextCursor }, total] = await Promise.all([
    pageOfSlos(prisma, workspace.id, { serviceId, limit: limit ?? DEFAULT_LIMIT, cursor }),
    countSlos(prisma, workspace.id, serviceId),
  ])
  return { items: await withStatuses(context, workspace.id, items), nextCursor, total }
})

interface RankedPage extends Ranking {
  serviceId?: string | undefined
  limit: number
  page: number
}

/** All are put in order by what fits on a line each; the page alone is read whole. */
async function rankedPage(context: ApiContext, workspaceId: string, asked: RankedPage) {
  const { prisma, redis, redisPrefix } = context
  const { serviceId, limit, page, sort } = asked
  const isByStanding = sort !== undefined && sort !== 'name' && sort !== 'target'
  const [names, standings] = await Promise.all([
    listSloNames(prisma, workspaceId, serviceId),
    isByStanding ? readSloStandings(redis, redisPrefix, workspaceId) : new Map<string, never>(),
  ])
  const ranked = rankSlos(names, standings, asked)
  const ids = ranked.slice((page - 1) * limit, page * limit).map(({ id }) => id)
  const items = await withStatuses(context, workspaceId, await findSlos(prisma, workspaceId, ids))
  return { items, nextCursor: null, total: ranked.length }
}

async function withStatuses({ redis, redisPrefix }: ApiContext, workspaceId: string, slos: readonly StoredSlo[]) {
  const ids = slos.map(({ id }) => id)
  const statuses = await readStatusesOf(redis, redisPrefix, workspaceId, ids)
  return slos.map((slo) => ({ ...slo, status: statuses.get(slo.id) ?? null }))
}

function notWithCursor(): NinesError {
  const message = 'goes with none of sort, search and page'
  return new NinesError('invalid', `query/cursor: ${message}`, { issues: [{ path: 'query/cursor', message }] })
}
