import { getSloMembers as route, isComposite, type ExplainedMember } from '@nines/contracts'
import { loadComposite } from '@nines/ledger'
import { readStatusesOf } from '@nines/pipeline'
import { compositesWith, getSlo } from '@nines/records'
import { minuteOf, windowSpan } from '@nines/slo'
import { handle } from '../../http/handle.ts'
import { explainMembers } from './explain-composite.ts'

/** Minutes are written half a minute after their end. */
const SETTLING_MS = 35_000

export const getSloMembers = handle(route, async ({ workspace, params }, context) => {
  const { prisma, telemetry, redis, redisPrefix } = context
  const { id, version, sli, window, service } = await getSlo(prisma, workspace.id, params.id)
  const to = minuteOf(Date.now() - SETTLING_MS)
  const { from } = windowSpan(window, to)
  let members: ExplainedMember[] = []
  if (isComposite(sli)) {
    const owner = { workspaceId: workspace.id, workspaceNumber: workspace.number, serviceId: service.id }
    const loaded = await loadComposite({ prisma, telemetry }, { id, version, sli, ...owner }, { from, to })
    members = explainMembers(loaded, { from, to })
  }
  const memberIds = members.map(({ sloId }) => sloId)
  const statuses = await readStatusesOf(redis, redisPrefix, workspace.id, memberIds)
  const partOf = await compositesWith(prisma, workspace.id, id)
  return {
    sloId: id,
    combine: isComposite(sli) ? sli.combine : null,
    from,
    to,
    members: members.map((member) => {
      const status = statuses.get(member.sloId)
      return { ...member, state: status?.state ?? null, budgetRemaining: status?.budgetRemaining ?? null }
    }),
    partOf: partOf.flatMap((one) =>
      isComposite(one.sli) ? { id: one.id, slug: one.slug, name: one.name, combine: one.sli.combine } : [],
    ),
  }
})
