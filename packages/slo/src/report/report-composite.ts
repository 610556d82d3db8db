import type { CompositeCombine, CorrectedSpan, NoDataRule } from '@nines/contracts'
import { Composite } from '../composite/composite.ts'
import type { Silence } from '../silence.ts'
import type { Span } from '../window-span.ts'
import { MemberCoverage, type CoveredLeaf } from './member-coverage.ts'
import { asCorrected, MemberMinutes } from './member-minutes.ts'

/** What a composite is made of, each member at the version that a row of a report follows. */
export interface ReportTree {
  combine: CompositeCombine
  members: readonly ReportTreeMember[]
}

export interface ReportTreeMember {
  of: MemberMinutes | ReportTree
  target: number
  weight: number
  noData: NoDataRule
  silence: Silence
  /** Corrections of all composites above it, as correctedSpans gives them; and those together with its own. */
  above: readonly CorrectedSpan[]
  corrected: readonly CorrectedSpan[]
}

/** A composite over everything that a report reads, to ask for windows of it. */
export class ReportComposite {
  readonly composite: Composite
  /** As it would count if nobody had corrected anything; null where nobody did. */
  readonly uncorrected: Composite | null
  readonly coverage: MemberCoverage

  /** `range` is what the members' minutes cover. */
  constructor(tree: ReportTree, range: Span) {
    this.composite = compositeOf(tree, true)
    this.uncorrected = isCorrected(tree) ? compositeOf(tree, false) : null
    this.coverage = new MemberCoverage(leavesOf(tree), range)
  }

  /** Takes in the minutes that ended by the instant: many at once take a while. */
  advance(at: number): void {
    this.composite.advance(at)
    this.uncorrected?.advance(at)
  }
}

function compositeOf({ combine, members }: ReportTree, withCorrections: boolean): Composite {
  const minutesOf = ({ of, above }: ReportTreeMember) => {
    if (!(of instanceof MemberMinutes)) return compositeOf(of, withCorrections)
    return withCorrections ? asCorrected(of.series, above) : of.uncorrected()
  }
  return new Composite(
    combine,
    members.map((member) => {
      const { target, weight, noData, silence } = member
      const covered = withCorrections ? member.corrected : []
      return { minutes: minutesOf(member), target, weight, noData, silence, covered }
    }),
  )
}

function isCorrected({ members }: ReportTree): boolean {
  return members.some(
    (member) => member.corrected.length > 0 || (!(member.of instanceof MemberMinutes) && isCorrected(member.of)),
  )
}

function leavesOf({ members }: ReportTree): CoveredLeaf[] {
  return members.flatMap((member) =>
    member.of instanceof MemberMinutes
      ? { stored: member.of.stored, corrected: member.corrected }
      : leavesOf(member.of),
  )
}
