import {
  windowText,
  type BudgetAction,
  type BudgetEventDto,
  type BudgetPolicyChangeDto,
  type BudgetStandingDto,
} from '@nines/contracts'
import { formatBudget, formatTarget } from './format-ratio.ts'

/** A threshold is exact: `25 %`, `−10 %`. */
export function thresholdText(budgetLeftBelow: number): string {
  return formatTarget(budgetLeftBelow).replace('-', '−')
}

/** What a step does, as a list of phrases. `channelName` names channels. */
export function actionTexts(actions: readonly BudgetAction[], channelName: (id: string) => string): string[] {
  return actions.map((action) => {
    if (action.kind === 'notify') return `tell ${channelName(action.channelId)}`
    if (action.kind === 'ticket') return `open a ticket through ${channelName(action.channelId)}`
    return action.kind === 'freeze' ? 'freeze deploys' : `“${action.text}”`
  })
}

/** Which objective a policy watches. */
export function watchedText(objective: number | null): string {
  if (objective === null) return 'every objective'
  return objective === 0 ? 'first objective' : `objective ${objective + 1}`
}

/** How an SLO stands under a policy, in a word or two. */
export function standingText({ isFrozen, inForce, isUnknown }: BudgetStandingDto): string {
  if (isFrozen) return 'Frozen'
  if (inForce.length > 0) return `At ${thresholdText(Math.min(...inForce.map((step) => step.budgetLeftBelow)))}`
  return isUnknown ? 'Unknown' : 'Clear'
}

const CAUSES: Record<BudgetEventDto['cause'], string> = {
  budget: '',
  period: 'a new period began',
  objective: 'the objective is no more',
  policy: 'the policy changed',
}

/** `Fell to 25 %` or `Rose above 25 %`, with why where it was not for what was left. */
export function crossingText({ kind, cause, budgetLeftBelow }: BudgetEventDto): string {
  const threshold = thresholdText(budgetLeftBelow)
  if (kind === 'entered') return `Fell to ${threshold}`
  return cause === 'budget' ? `Rose above ${threshold}` : `Left ${threshold}: ${CAUSES[cause]}`
}

/** `99.9 % over 30 days`. */
export function promiseText({ target, window }: BudgetEventDto['objective']): string {
  return `${formatTarget(target)} over ${windowText(window)}`
}

const FIELDS: Record<string, string> = {
  name: 'the name',
  description: 'the text',
  steps: 'the steps',
  margin: 'the margin',
  onUnknown: 'what holds while nothing is known',
  objective: 'the objective',
}

/** What somebody did to a policy. */
export function policyChangeText({ kind, slo, fields }: BudgetPolicyChangeDto): string {
  if (kind === 'created') return 'made it'
  if (kind === 'deleted') return 'deleted it'
  if (kind === 'attached') return `let ${slo?.name ?? 'an SLO'} follow it, ${watchedText(objectiveAfter(fields))}`
  if (kind === 'detached') return `let ${slo?.name ?? 'an SLO'} follow it no more`
  return `changed ${fields.map(({ field }) => FIELDS[field] ?? field).join(', ')}`
}

function objectiveAfter(fields: BudgetPolicyChangeDto['fields']): number | null {
  const after = fields.find(({ field }) => field === 'objective')?.after
  return typeof after === 'number' ? after : null
}

/** What is left, or that it is not known. */
export function leftText(budgetRemaining: number | null): string {
  return budgetRemaining === null ? 'not known' : formatBudget(budgetRemaining)
}
