import { isComposite, type CompositeMember, type CompositeSli, type OwnSli, type SliSpec } from '@nines/contracts'
import type { ReportSlo } from '@nines/records'
import { MINUTE_MS, versionsInForce, type ReportVersion } from '@nines/slo'

/** A composite with the versions of everything below it that a row of a report follows. */
export interface Followed {
  sli: CompositeSli
  members: FollowedMember[]
}

export interface FollowedMember {
  terms: CompositeMember
  slo: ReportSlo
  version: ReportVersion
  /** What it is made of; null of an SLO with slices of its own. */
  below: Followed | null
}

/** A version with slices of its own. */
export interface FollowedLeaf {
  sloId: string
  version: number
  sli: OwnSli
}

/**
 * A composite as the versions make it that were in force in the minute before `end`, epoch ms: what windows that end then are of. Of a
 * member that came later it is the first one, as everywhere in reports. One that is not known is left out.
 */
export function followMembers(
  sli: CompositeSli,
  end: number,
  known: ReadonlyMap<string, ReportSlo>,
  above: readonly string[] = [],
): Followed {
  const members = sli.members.flatMap((terms): FollowedMember[] => {
    const slo = known.get(terms.sloId)
    const version = slo && versionsInForce(slo.versions, { from: end - MINUTE_MS, to: end }, null).at(-1)?.version
    // Nobody can write a circle; if two managed to at once, it ends here.
    if (!slo || !version || above.includes(slo.id)) return []
    const below = isComposite(version.sli) ? followMembers(version.sli, end, known, [...above, slo.id]) : null
    return [{ terms, slo, version, below }]
  })
  return { sli, members }
}

/** Everything below, composites too; what is there twice comes twice. */
export function membersBelow({ members }: Followed): FollowedMember[] {
  return members.flatMap((member) => [member, ...(member.below ? membersBelow(member.below) : [])])
}

/** What has slices of its own below. */
export function leavesBelow(followed: Followed): FollowedLeaf[] {
  return membersBelow(followed).flatMap(({ slo, version: { version, sli } }) =>
    isComposite(sli) ? [] : { sloId: slo.id, version, sli },
  )
}

/** The versions of everything below: two that follow the same ones with the same indicator are one composite. */
export function followedKey(followed: Followed): string {
  const versions = membersBelow(followed).map(({ slo, version }) => `${slo.id} ${version.version}`)
  return JSON.stringify([followed.sli, versions])
}

/** What a composite measures: two periods of it compare when this is the same, whatever versions there were. */
export interface Measures {
  sli: CompositeSli
  members: { of: SliSpec | Measures; target: number | null }[]
}

export function whatMeasures({ sli, members }: Followed): Measures {
  return {
    sli,
    members: members.map(({ version, below }) => ({
      of: below ? whatMeasures(below) : version.sli,
      // What a minute has to reach is part of what is measured.
      target: sli.combine === 'all_of' ? version.target : null,
    })),
  }
}
