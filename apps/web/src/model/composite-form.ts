import { MOST_COMPOSITE_MEMBERS, type CompositeCombine, type CompositeSli, type NoDataRule } from '@nines/contracts'

export interface MemberValues {
  sloId: string
  /** Left empty, it is 1. */
  weight: number | ''
  noData: NoDataRule
}

/** A composite as it is being put together; weights are kept while another kind is tried. */
export interface CompositeValues {
  combine: CompositeCombine
  members: MemberValues[]
}

export const emptyComposite = (): CompositeValues => ({ combine: 'weighted', members: [] })

export const newMember = (sloId: string): MemberValues => ({ sloId, weight: 1, noData: 'ignore' })

export function compositeToValues({ combine, members }: CompositeSli): CompositeValues {
  return { combine, members: members.map(({ sloId, weight, noData }) => ({ sloId, weight: weight ?? '', noData })) }
}

export function compositeToSpec({ combine, members }: CompositeValues): CompositeSli {
  return {
    kind: 'composite',
    combine,
    members: members.map(({ sloId, weight, noData }) => ({
      sloId,
      ...(combine === 'weighted' && weight !== '' && { weight }),
      noData,
    })),
  }
}

/** Whether enough is there to ask for a backtest. */
export function isCompleteComposite({ combine, members }: CompositeValues): boolean {
  const hasWeights = combine !== 'weighted' || members.every((member) => weightOf(member) > 0)
  return members.length >= 2 && members.length <= MOST_COMPOSITE_MEMBERS && hasWeights
}

/** Each member's share of all weights, of 1; null where a weight is none. */
export function weightShares(members: readonly MemberValues[]): (number | null)[] {
  const sum = members.reduce((all, member) => all + Math.max(0, weightOf(member)), 0)
  return members.map((member) => (weightOf(member) > 0 ? weightOf(member) / sum : null))
}

const weightOf = ({ weight }: MemberValues) => (weight === '' ? 1 : weight)
