import { listPolicies, type AlertRuleDto } from '@nines/contracts'
import { Select, Switch, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useApiQuery } from '../queries/use-api.ts'

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

export function EnabledSwitch({ form }: { form: Fields }) {
  return <Switch label="Enabled" {...form.getInputProps('enabled', { type: 'checkbox' })} />
}
