import { listPolicies, type AlertRuleDto, type SloDetail } from '@nines/contracts'
import { Select, Switch, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { ApiError } from '../api-client.ts'
import { ruleBacktestDraft } from '../model/backtest-draft.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { BacktestPanel } from './backtest/backtest-panel.tsx'
import { FormActions } from './form-parts.tsx'

/** What every rule has beside its condition. */
export type RuleBase = Omit<AlertRuleDto, 'id' | 'condition'>
type Fields = Pick<UseFormReturnType<RuleBase>, 'getInputProps'>

export function RuleFields({ form }: { form: Fields }) {
  const policies = useApiQuery(listPolicies, {})
  return (
    <div className="form-row">
      <TextInput label="Name" {...form.getInputProps('name')} />
      <Select
        label="Severity"
        description="Only critical rules page"
        data={['critical', 'warning', 'info']}
        allowDeselect={false}
        {...form.getInputProps('severity')}
      />
      <Select
        label="Escalation policy"
        description="Empty: the service's own"
        clearable
        data={(policies.data?.items ?? []).map((policy) => ({ value: policy.id, label: policy.name }))}
        {...form.getInputProps('escalationPolicyId')}
      />
    </div>
  )
}

interface RuleFormEndProps {
  slo: SloDetail
  /** null: a new one. */
  rule: AlertRuleDto | null
  form: Fields & { values: Omit<AlertRuleDto, 'id'> }
  mutation: { isPending: boolean; error: ApiError | null }
  onClose: () => void
}

/** What every rule's form ends with: whether it is on, what it would have done, and saving it. */
export function RuleFormEnd({ slo, rule, form, mutation, onClose }: RuleFormEndProps) {
  return (
    <>
      <Switch label="Enabled" {...form.getInputProps('enabled', { type: 'checkbox' })} />
      <BacktestPanel draft={ruleBacktestDraft(slo, form.values)} of="rule" />
      <FormActions
        submit={rule === null ? 'Add rule' : 'Save rule'}
        pending={mutation.isPending}
        error={mutation.error}
        failed="The rule was not saved."
        onCancel={onClose}
      />
    </>
  )
}
