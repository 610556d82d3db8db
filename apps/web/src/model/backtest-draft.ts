import type { AlertRuleDto, BacktestInput, Objective, SloDetail } from '@nines/contracts'
import { valuesToObjective } from './objective-values.ts'
import { isPreviewable, valuesToSli } from './sli-form.ts'
import type { SloFormValues } from './slo-form-values.ts'

/** What the form so far would ask a backtest; null while something that it needs is missing or out of bounds. */
export function backtestDraft(values: SloFormValues, sloId: string | undefined): BacktestInput | null {
  const objective = valuesToObjective(values.objective)
  if (!isPreviewable(values.sli) || !isComplete(objective)) return null
  const service = values.serviceId === '' ? {} : { serviceId: values.serviceId }
  return { sli: valuesToSli(values.sli), ...objective, ...service, ...(sloId !== undefined && { sloId }) }
}

/** One rule of an SLO as it is being edited, alone. */
export function ruleBacktestDraft(
  { id: sloId, sli, target, window }: SloDetail,
  { name, severity, condition }: Pick<AlertRuleDto, 'name' | 'severity' | 'condition'>,
): BacktestInput | null {
  const numbers = [condition.resolveAfterSeconds, ...numbersOf(condition)]
  // A number field that was emptied holds ''.
  if (numbers.some((number) => typeof number !== 'number')) return null
  return { sloId, sli, target, window, rules: [{ name: name.trim() || 'rule', severity, condition }] }
}

function numbersOf(condition: AlertRuleDto['condition']): number[] {
  if (condition.kind === 'absence') return [condition.unmeasuredSeconds]
  const pairs = condition.pairs.flatMap((pair) => [pair.longSeconds, pair.shortSeconds, pair.factor])
  return [condition.forSeconds, condition.minBadEvents, ...pairs]
}

function isComplete({ target, window }: Objective): boolean {
  const isWindow = window.kind === 'calendar' ? window.zone !== '' : window.days >= 1 && window.days <= 366
  return target > 0 && target < 1 && isWindow
}
