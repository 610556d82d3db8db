import type { SliSpec } from '@nines/contracts'
import type { ReportSlo } from '@nines/records'
import { silenceTermsOf, type MemberMinutes, type ReportTree, type ReportTreeMember } from '@nines/slo'
import type { Followed, FollowedMember } from './followed-members.ts'
import type { NamedCorrection, ReportCorrections } from './report-corrections.ts'
import { uniqueBy } from './unique-by.ts'

/** What a tree is made with. */
interface TreeTerms {
  correctionsOf: (slo: ReportSlo) => NamedCorrection[]
  worked: ReportCorrections
  /** Of an availability SLI the seconds between two runs of its check. */
  intervalOf: (sli: SliSpec) => number | null
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
  const { correctionsOf, intervalOf, minutesOf, worked } = terms
  const all = uniqueBy([...above, ...correctionsOf(slo)], ({ id }) => id)
  return {
    of: below ? reportTree(below, all, terms) : minutesOf(slo, version.version),
    target: version.target,
    weight,
    noData,
    silenceSeconds: silenceOf(member, intervalOf),
    above: worked.of(above).corrected,
    corrected: worked.of(all).corrected,
  }
}

/** Seconds after which a member counts as silent; of a composite the longest of its members. */
function silenceOf({ version, below }: FollowedMember, intervalOf: TreeTerms['intervalOf']): number {
  if (below) return Math.max(0, ...below.members.map((member) => silenceOf(member, intervalOf)))
  return silenceTermsOf(intervalOf(version.sli)).silenceSeconds
}
