import { newId } from '@nines/kernel'
import { recordChange } from './changes.ts'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { PrismaClient } from './generated/client.ts'
import { lockedTransaction } from './locked-transaction.ts'

/** A version that spans of a service carried. */
export interface SeenVersion {
  workspaceNumber: number
  service: string
  environment: string
  version: string
  /** Start of the first such span, epoch ms. */
  firstSeenAt: number
}

interface VersionRow {
  version: string
  firstSeenAt: Date
}

/**
 * Remembers the version and records a deploy for each version of the service but the one seen first: what ran when
 * measuring began was not deployed then. However often and in whatever order versions are told, the changes are the same,
 * except that a version told late with an earlier instant than the first leaves that one's deploy on record.
 * null when there is no such workspace.
 */
export async function noteServiceVersion(
  prisma: PrismaClient,
  seen: SeenVersion,
): Promise<(Outcome & { workspaceId: string; isNews: boolean }) | null> {
  const workspace = await prisma.workspace.findUnique({ where: { number: seen.workspaceNumber } })
  if (workspace === null) return null
  const { id: workspaceId } = workspace
  const { service, environment } = seen
  const { isNews, deployed } = await lockedTransaction(prisma, (tx) => remember(tx, workspaceId, seen))
  const outcome: Outcome = noOutcome()
  for (const { version, firstSeenAt } of deployed) {
    const { changes } = await recordChange(prisma, workspaceId, {
      externalId: [service, environment, version].join(' '),
      kind: 'deploy',
      source: 'spans',
      service,
      environment,
      version,
      title: `${service} ${version} seen in spans`,
      url: null,
      author: null,
      startedAt: firstSeenAt,
      endedAt: null,
      createdById: null,
    })
    outcome.changes.push(...changes)
  }
  return { ...outcome, workspaceId, isNews }
}

/** Stores the version, or its earlier instant; answers the versions that are changes and not recorded as they are. */
async function remember(
  tx: Parameters<Parameters<typeof lockedTransaction>[1]>[0],
  workspaceId: string,
  { service, environment, version, firstSeenAt }: SeenVersion,
): Promise<{ isNews: boolean; deployed: VersionRow[] }> {
  await tx.$queryRaw`select id from "Workspace" where id = ${workspaceId} for no key update`
  const of = { workspaceId, service, environment }
  const at = new Date(firstSeenAt)
  const where = { workspaceId_service_environment_version: { ...of, version } }
  const known = await tx.serviceVersion.findUnique({ where })
  if (known === null) await tx.serviceVersion.create({ data: { id: newId('svv'), ...of, version, firstSeenAt: at } })
  else if (at < known.firstSeenAt) await tx.serviceVersion.update({ where, data: { firstSeenAt: at } })
  const versions = await tx.serviceVersion.findMany({
    where: of,
    orderBy: [{ firstSeenAt: 'asc' }, { version: 'asc' }],
  })
  const recorded = await tx.change.findMany({ where: { ...of, source: 'spans' } })
  const deployed = versions
    .slice(1)
    .filter((row) => !recorded.some((c) => c.version === row.version && +c.startedAt === +row.firstSeenAt))
  return { isNews: known === null || deployed.length > 0, deployed }
}
