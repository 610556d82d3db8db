import type { CompositeCombine, CorrectedSpan, NoDataRule } from '@nines/contracts'
import type { Silence } from '../silence.ts'
import type { Span } from '../window-span.ts'
import { DenseComposite, type DenseMember } from './dense-composite.ts'
import type { DenseMinutes } from './dense-minutes.ts'
import { MemberCoverage, type CoveredLeaf } from './member-coverage.ts'
import { MemberMinutes } from './member-minutes.ts'

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
  readonly composite: DenseComposite
  /** As it would count if nobody had corrected anything; null where nobody did. */
  readonly uncorrected: DenseComposite | null
  readonly coverage: MemberCoverage

  private constructor(composite: DenseComposite, uncorrected: DenseComposite | null, coverage: MemberCoverage) {
    this.composite = composite
    this.uncorrected = uncorrected
    this.coverage = coverage
  }

  /** Makes it of members whose minutes cover `range`; between two steps of the work others may have their turn. */
  static *made(tree: ReportTree, range: Span): Generator<void, ReportComposite> {
    const composite = yield* compositeOf(tree, range, true)
    const uncorrected = isCorrected(tree) ? yield* compositeOf(tree, range, false) : null
    return new ReportComposite(composite, uncorrected, yield* MemberCoverage.made(leavesOf(tree), range))
  }
}

function* compositeOf(
  { combine, members }: ReportTree,
  range: Span,
  withCorrections: boolean,
): Generator<void, DenseComposite> {
  const made: DenseMember[] = []
  for (const { of, above, corrected, ...terms } of members) {
    const covered = withCorrections ? corrected : []
    const minutes =
      of instanceof MemberMinutes
        ? minutesOf(of, withCorrections ? above : null)
        : yield* compositeOf(of, range, withCorrections)
    made.push({ ...terms, covered, minutes })
    yield
  }
  return yield* DenseComposite.made(combine, made, range)
}

/** The minutes of a member with its own corrections and those above it; null: with none at all. */
function minutesOf(of: MemberMinutes, above: readonly CorrectedSpan[] | null): DenseMinutes {
  return above === null ? of.uncorrected() : of.counted.corrected(above)
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
