import type { AbsenceCondition, AlertRuleDto, SloDetail } from '@nines/contracts'
import { NumberInput } from '@mantine/core'
import { useRuleForm } from '../queries/use-rule-form.ts'
import { RuleFields, RuleFormEnd, type RuleBase } from './rule-fields.tsx'

type Values = RuleBase & { condition: AbsenceCondition }

const NEW: Values = {
  name: 'silence',
  severity: 'warning',
  enabled: true,
  escalationPolicyId: null,
  condition: { kind: 'absence', unmeasuredSeconds: 900, resolveAfterSeconds: 60 },
}

interface AbsenceRuleFormProps {
  slo: SloDetail
  /** null: a new one. */
  rule: AlertRuleDto | null
  onClose: () => void
}

export function AbsenceRuleForm({ slo, rule, onClose }: AbsenceRuleFormProps) {
  const { form, submit, mutation } = useRuleForm(slo, rule, valuesOf(rule), onClose)
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <RuleFields form={form} />
      <div className="form-row">
        <NumberInput
          label="Unmeasured for"
          description="No minute of the SLO was measured, with or without events"
          suffix=" s"
          min={120}
          {...form.getInputProps('condition.unmeasuredSeconds')}
        />
        <NumberInput
          label="Measured before resolving"
          description="Measurements must keep coming this long"
          suffix=" s"
          min={0}
          {...form.getInputProps('condition.resolveAfterSeconds')}
        />
      </div>
      <RuleFormEnd {...{ slo, rule, form, mutation, onClose }} />
    </form>
  )
}

function valuesOf(rule: AlertRuleDto | null): Values {
  if (rule?.condition.kind !== 'absence') return NEW
  const { id: _id, condition, ...base } = rule
  return { ...base, condition }
}
