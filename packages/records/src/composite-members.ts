import { sliSpec, type Objective, type SliSpec, type SloDto } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { CheckCadence } from '@nines/slo'
import { checkCadences } from './check-intervals.ts'
import type { Database } from './client.ts'
import { objectivesOf } from './slo-objectives.ts'

/** A member of a composite, at the version that holds. */
export interface MemberSlo extends Objective {
  id: string
  slug: string
  name: string
  service: SloDto['service']
  version: number
  sli: SliSpec
  /** How often the check of an availability SLI ran over time. */
  checkCadence: CheckCadence
}

/**
 * SLOs of a workspace by id, each at its current version, or at the one that held at the instant (epoch ms): what was asked
 * as of then stays as it was whatever becomes of the members. Archived ones are found as well.
 */
export async function findMemberSlos(
  db: Database,
  workspaceId: string,
  ids: readonly string[],
  asOf?: number,
): Promise<Map<string, MemberSlo>> {
  const rows = await db.slo.findMany({
    where: { workspaceId, id: { in: [...ids] } },
    include: {
      service: { select: { id: true, slug: true, name: true } },
      versions: { orderBy: { version: 'desc' } },
    },
  })
  const cadenceOf = await checkCadences(db, workspaceId, asOf)
  return new Map(
    rows.map(({ id, slug, name, service, versions }) => {
      const version = versions.find(({ createdAt }) => createdAt.getTime() <= (asOf ?? Infinity)) ?? versions.at(-1)
      if (!version) throw new NinesError('internal', `SLO ${id} has no version`)
      const sli = sliSpec.parse(version.sli)
      const { target, window } = objectivesOf(version)
      const member = {
        id,
        slug: slug.split('~')[0] ?? slug,
        name,
        service,
        version: version.version,
        sli,
        target,
        window,
      }
      return [id, { ...member, checkCadence: cadenceOf(sli) }]
    }),
  )
}
