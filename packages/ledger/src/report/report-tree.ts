import type { CadenceOf, ReportSlo } from '@nines/records'
import { silenceOf, type CheckCadence, type MemberMinutes, type ReportTree, type ReportTreeMember } from '@nines/slo'
import type { Followed, FollowedMember } from './followed-members.ts'
import type { NamedCorrection, ReportCorrections } from './report-corrections.ts'
import { uniqueBy } from './unique-by.ts'

/** What a tree is made with. */
interface TreeTerms {
  correctionsOf: (slo: ReportSlo) => NamedCorrection[]
  worked: ReportCorrections
  cadenceOf: CadenceOf
  minutesOf: (slo: ReportSlo, version: number) => MemberMinutes
}

/** A composite with the minutes of its members; `above` are its own corrections and those of all composites above it. */
export function reportTree(
  { sli, members }: Followed,
  above: readonly NamedCorrection[],
  terms: TreeTerms,
): ReportTree {
  return { combine: sli.combine, members: members.map((member) => treeMember(member, above, terms)) }
}

function treeMember(member: FollowedMember, above: readonly NamedCorrection[], terms: TreeTerms): ReportTreeMember {
  const { slo, version, below } = member
  const { weight = 1, noData } = member.terms
  const { correctionsOf, cadenceOf, minutesOf, worked } = terms
  const all = uniqueBy([...above, ...correctionsOf(slo)], ({ id }) => id)
  return {
    of: below ? reportTree(below, all, terms) : minutesOf(slo, version.version),
    target: version.target,
    weight,
    noData,
    silence: silenceOf(cadencesBelow(member, cadenceOf)),
    above: worked.of(above).corrected,
    corrected: worked.of(all).corrected,
  }
}

/** A composite is silent when all of its members are. */
function cadencesBelow({ version, below }: FollowedMember, cadenceOf: CadenceOf): CheckCadence[] {
  return below ? below.members.flatMap((member) => cadencesBelow(member, cadenceOf)) : [cadenceOf(version.sli)]
}
