import { createAlertRule, updateAlertRule, type AlertRuleDto, type SloDetail } from '@nines/contracts'
import { useRouteForm } from './use-route-form.ts'

/** A form that changes a rule, or adds one to the SLO where there is none yet. */
export function useRuleForm<V extends Omit<AlertRuleDto, 'id'>>(
  slo: SloDetail,
  rule: AlertRuleDto | null,
  initialValues: V,
  onDone: () => void,
) {
  return useRouteForm({
    route: rule === null ? createAlertRule : updateAlertRule,
    params: { id: rule === null ? slo.id : rule.id },
    initialValues,
    toBody: (values: V) => values,
    onDone,
  })
}
