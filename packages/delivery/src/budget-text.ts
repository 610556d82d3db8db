import { webhookBody, windowText, type BudgetEventCause, type BudgetEventKind, type SloWindow } from '@nines/contracts'
import type { MessageContext } from './webhook-text.ts'

/** What a message says about a threshold that a budget crossed. */
export interface BudgetFacts {
  eventId: string
  kind: BudgetEventKind
  cause: BudgetEventCause
  /** Epoch ms. */
  at: number
  budgetLeftBelow: number
  budgetRemaining: number | null
  freezes: boolean
  note: string | null
  objective: { index: number; target: number; window: SloWindow }
  slo: { id: string; name: string; version: number }
  service: { id: string; name: string; runbookUrl: string | null }
  policy: { id: string; name: string }
}

/** As far as the sentence says it. */
type BudgetSummaryFacts = Pick<
  BudgetFacts,
  'kind' | 'cause' | 'budgetLeftBelow' | 'budgetRemaining' | 'freezes' | 'note' | 'objective'
> & { slo: { name: string }; policy: { name: string } }

/** The bytes of a message about a crossing. `also`: other thresholds that the same evaluation crossed. */
export function budgetText(
  context: MessageContext,
  facts: BudgetFacts,
  notice: { action: 'notify' | 'ticket'; also: readonly number[] },
): string {
  const { workspaceSlug, publicUrl, now } = context
  const { kind, at, slo, objective, budgetLeftBelow, ...rest } = facts
  const isOpen = kind === 'entered'
  const url = `${publicUrl.replace(/\/+$/, '')}/w/${encodeURIComponent(workspaceSlug)}/slos/${slo.id}`
  const summary = budgetSummary(facts)
  return JSON.stringify(
    webhookBody.parse({
      type: isOpen ? 'budget.threshold_crossed' : 'budget.threshold_cleared',
      timestamp: new Date(now).toISOString(),
      data: {
        workspace: workspaceSlug,
        message: `[${isOpen ? 'budget' : 'resolved'}] ${facts.service.name}: ${summary}`,
        budget: {
          ...rest,
          action: notice.action,
          also: [...notice.also],
          status: isOpen ? 'open' : 'resolved',
          dedupKey: budgetDedupKey(slo.id, objective.index, budgetLeftBelow),
          title: `${facts.service.name} · ${slo.name}: error budget at ${percentText(budgetLeftBelow)}`,
          at: new Date(at).toISOString(),
          budgetLeftBelow,
          objective,
          slo: { ...slo, url },
        },
      },
    }),
  )
}

/** The same for every message about one threshold of one objective. */
export function budgetDedupKey(sloId: string, objective: number, budgetLeftBelow: number): string {
  return `nines/budget/${sloId}/${objective}/${budgetLeftBelow}`
}

/** A crossing in a sentence or three, as messages and timelines say it. */
export function budgetSummary(facts: BudgetSummaryFacts): string {
  const { kind, cause, budgetLeftBelow, budgetRemaining, freezes, note, objective, slo, policy } = facts
  const threshold = percentText(budgetLeftBelow)
  const promise = `${percentText(objective.target)} over ${windowText(objective.window)}`
  if (kind === 'entered') {
    const left = budgetRemaining === null ? '' : `: ${percentText(budgetRemaining)} is left`
    const frozen = freezes ? ' Deploys are frozen.' : ''
    return `${slo.name} is at ${threshold} of its error budget or below${left} (${promise}).${frozen}${note === null ? '' : ` ${note}`}`
  }
  const thaw = freezes ? ' It freezes deploys no more.' : ''
  const reason = {
    budget: `${slo.name} is above ${threshold} of its error budget again: ${percentText(budgetRemaining ?? 1)} is left (${promise}).`,
    period: `${slo.name} has a new error budget: a ${objective.window.kind === 'calendar' ? objective.window.unit : 'period'} began (${promise}).`,
    objective: `${slo.name} has the objective no more whose error budget was at ${threshold} (${promise}).`,
    policy: `The policy ${policy.name} no longer watches ${threshold} of the error budget of ${slo.name} (${promise}).`,
  }[cause]
  return `${reason}${thaw}`
}

/** A share with at most two decimals, cut so that it never says more than is left. */
function percentText(share: number): string {
  return `${Math.floor(Number((share * 10_000).toPrecision(12))) / 100} %`
}
