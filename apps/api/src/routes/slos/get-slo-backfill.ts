import { getSloBackfill as route, isComposite, type CompositeSli, type SloBackfill } from '@nines/contracts'
import { readSloBackfill, readSloStatus } from '@nines/pipeline'
import { findMemberSlos, getSlo } from '@nines/records'
import type { ApiContext } from '../../context.ts'
import { handle } from '../../http/handle.ts'

export const getSloBackfill = handle(route, async ({ workspace, params }, context) => {
  const { prisma, redis, redisPrefix } = context
  const { id: sloId, version, sli } = await getSlo(prisma, workspace.id, params.id)
  // The board is a cache. A version with a status has its history, whatever the board forgot.
  const status = await readSloStatus(redis, redisPrefix, workspace.id, sloId)
  const isDone = status?.version === version
  if (isComposite(sli) && !isDone) return membersBackfill(context, workspace.id, { sloId, version, sli })
  const told = await readSloBackfill(redis, redisPrefix, workspace.id, sloId)
  if (told?.version === version) return told
  return { sloId, version, state: isDone ? ('done' as const) : ('waiting' as const), ...NONE }
})

const NONE = { from: 0, to: 0, minutesDone: 0, minutesAll: 0, startedAt: null, finishedAt: null, error: null }

/** A composite has the history of its members: it is as far as all of theirs together. */
async function membersBackfill(
  context: ApiContext,
  workspaceId: string,
  { sloId, version, sli }: { sloId: string; version: number; sli: CompositeSli },
): Promise<SloBackfill> {
  const boards = await boardsOf(context, workspaceId, sli)
  const begun = boards.filter(({ state }) => state !== 'waiting')
  const retrying = begun.find(({ state }) => state === 'retrying')
  const sum = (of: (board: SloBackfill) => number) => boards.reduce((all, board) => all + of(board), 0)
  const started = begun.flatMap(({ startedAt }) => startedAt ?? [])
  return {
    sloId,
    version,
    // Once all are done the composite is evaluated within the second.
    state: retrying ? 'retrying' : begun.length === 0 ? 'waiting' : 'running',
    from: begun.length === 0 ? 0 : Math.min(...begun.map(({ from }) => from)),
    to: Math.max(0, ...begun.map(({ to }) => to)),
    minutesDone: sum(({ minutesDone }) => minutesDone),
    minutesAll: sum(({ minutesAll }) => minutesAll),
    startedAt: started.length === 0 ? null : Math.min(...started),
    finishedAt: null,
    error: retrying?.error ?? null,
  }
}

async function boardsOf(context: ApiContext, workspaceId: string, sli: CompositeSli): Promise<SloBackfill[]> {
  const { prisma, redis, redisPrefix } = context
  const members = await findMemberSlos(
    prisma,
    workspaceId,
    sli.members.map((member) => member.sloId),
  )
  const boards: SloBackfill[] = []
  for (const { id, version, sli: below } of members.values()) {
    if (isComposite(below)) boards.push(...(await boardsOf(context, workspaceId, below)))
    else {
      const told = await readSloBackfill(redis, redisPrefix, workspaceId, id)
      boards.push(told?.version === version ? told : { sloId: id, version, state: 'waiting', ...NONE })
    }
  }
  return boards
}
