import type { BudgetStep } from '@nines/contracts'
import type { BudgetCrossing } from './budget-steps.ts'

/** A message that a crossing asks for. */
export interface BudgetNotice {
  /** The crossing, by its place. */
  crossing: number
  action: 'notify' | 'ticket'
  channelId: string
  /** Thresholds that were crossed with it and are not told of by themselves. */
  also: number[]
}

/**
 * Messages for the crossings of one evaluation. Several thresholds at once are one notification of each channel: of those
 * entered the lowest tells, of those left the highest. Every ticket has its own message.
 */
export function budgetNotices(crossings: readonly BudgetCrossing[], steps: readonly BudgetStep[]): BudgetNotice[] {
  const asked = crossings.flatMap((crossing, index) => channelsOf(crossing, steps).map((one) => ({ ...one, index })))
  return asked.flatMap(({ action, channelId, index }) => {
    const crossing = crossings[index]
    if (!crossing) return []
    if (action === 'ticket') return { crossing: index, action, channelId, also: [] }
    const together = asked
      .filter((other) => other.action === 'notify' && other.channelId === channelId)
      .flatMap((other) => crossings[other.index] ?? [])
      .filter(({ kind, objective }) => kind === crossing.kind && objective === crossing.objective)
      .map(({ budgetLeftBelow }) => budgetLeftBelow)
    const told = crossing.kind === 'entered' ? Math.min(...together) : Math.max(...together)
    if (crossing.budgetLeftBelow !== told) return []
    const also = together.filter((threshold) => threshold !== told).toSorted((a, b) => b - a)
    return { crossing: index, action, channelId, also }
  })
}

function channelsOf({ budgetLeftBelow }: BudgetCrossing, steps: readonly BudgetStep[]) {
  const step = steps.find((one) => one.budgetLeftBelow === budgetLeftBelow)
  return (step?.actions ?? []).flatMap((action) =>
    action.kind === 'notify' || action.kind === 'ticket' ? { action: action.kind, channelId: action.channelId } : [],
  )
}
