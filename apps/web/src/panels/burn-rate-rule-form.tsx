import type { AlertRuleDto, BurnRateCondition, SloDetail } from '@nines/contracts'
import { ActionIcon, Button, NumberInput, Select } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { formatChance } from '../model/evidence.ts'
import { useRuleForm } from '../queries/use-rule-form.ts'
import { RuleFields, RuleFormEnd, type RuleBase } from './rule-fields.tsx'

type Values = RuleBase & { condition: BurnRateCondition }

const NEW_PAIR = { longSeconds: 3600, shortSeconds: 300, factor: 14.4 }
const NEW: Values = {
  name: '',
  severity: 'warning',
  enabled: true,
  escalationPolicyId: null,
  condition: {
    kind: 'burn_rate',
    pairs: [NEW_PAIR],
    match: 'any',
    forSeconds: 0,
    resolveAfterSeconds: 60,
    clearBelow: 0.9,
    minBadEvents: 3,
    significance: 1e-5,
  },
}
const SIGNIFICANCE = [0.01, 1e-3, 1e-4, 1e-5, 1e-6]
const NO_TEST = 'none'

interface BurnRateRuleFormProps {
  slo: SloDetail
  /** null: a new one. */
  rule: AlertRuleDto | null
  onClose: () => void
}

export function BurnRateRuleForm({ slo, rule, onClose }: BurnRateRuleFormProps) {
  const { form, submit, mutation } = useRuleForm(slo, rule, valuesOf(rule), onClose)
  const { significance, clearBelow } = form.values.condition
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <RuleFields form={form} />
      <Pairs form={form} />
      <div className="form-row">
        <NumberInput
          label="Hold before firing"
          description="True all the time for"
          suffix=" s"
          min={0}
          {...form.getInputProps('condition.forSeconds')}
        />
        <NumberInput
          label="Clear before resolving"
          description="False all the time, and measured, for"
          suffix=" s"
          min={0}
          {...form.getInputProps('condition.resolveAfterSeconds')}
        />
        <NumberInput
          label="Clears below"
          description="Share of the factor; less is calmer"
          suffix=" %"
          min={10}
          max={100}
          value={Number((clearBelow * 100).toPrecision(6))}
          onChange={(value) => form.setFieldValue('condition.clearBelow', Number(value) / 100)}
          error={form.errors['condition.clearBelow']}
        />
      </div>
      <div className="form-row">
        <NumberInput
          label="At least bad events"
          description="In the long window"
          min={1}
          {...form.getInputProps('condition.minBadEvents')}
        />
        <Select
          label="By chance less often than"
          description="So many bad events while the target is exactly met"
          allowDeselect={false}
          data={significanceOptions(significance)}
          value={significance === null ? NO_TEST : String(significance)}
          onChange={(value) => form.setFieldValue('condition.significance', value === NO_TEST ? null : Number(value))}
          error={form.errors['condition.significance']}
        />
      </div>
      <RuleFormEnd {...{ slo, rule, form, mutation, onClose }} />
    </form>
  )
}

function valuesOf(rule: AlertRuleDto | null): Values {
  if (rule?.condition.kind !== 'burn_rate') return NEW
  const { id: _id, condition, ...base } = rule
  return { ...base, condition }
}

/** The usual levels, and the one that is set where it is another. */
function significanceOptions(current: number | null): { value: string; label: string }[] {
  const levels = new Set([...SIGNIFICANCE, ...(current === null ? [] : [current])])
  const options = [...levels]
    .sort((a, b) => b - a)
    .map((level) => ({ value: String(level), label: formatChance(level) }))
  return [{ value: NO_TEST, label: 'No test' }, ...options]
}

type Form = ReturnType<typeof useRuleForm<Values>>['form']

function Pairs({ form }: { form: Form }) {
  const { pairs } = form.values.condition
  return (
    <fieldset className="fieldset">
      <legend>Window pairs</legend>
      <Select
        label="How many of them it takes"
        allowDeselect={false}
        data={[
          { value: 'any', label: 'Any one of them' },
          { value: 'all', label: 'All of them together' },
        ]}
        style={{ marginBottom: 10, maxWidth: 260 }}
        {...form.getInputProps('condition.match')}
      />
      {pairs.map((_, index) => (
        <div
          key={form.key(`condition.pairs.${index}`)}
          className="form-row"
          style={{ gridTemplateColumns: 'repeat(3, minmax(0, 1fr)) auto', marginBottom: 10 }}
        >
          <NumberInput
            label="Long window"
            suffix=" s"
            min={60}
            {...form.getInputProps(`condition.pairs.${index}.longSeconds`)}
          />
          <NumberInput
            label="Short window"
            suffix=" s"
            min={60}
            {...form.getInputProps(`condition.pairs.${index}.shortSeconds`)}
          />
          <NumberInput
            label="Burn at least"
            suffix="×"
            min={1}
            step={0.1}
            {...form.getInputProps(`condition.pairs.${index}.factor`)}
          />
          <ActionIcon
            mt={26}
            size="lg"
            aria-label={`Remove pair ${index + 1}`}
            disabled={pairs.length === 1}
            onClick={() => form.removeListItem('condition.pairs', index)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={14} />}
        disabled={pairs.length >= 8}
        onClick={() => form.insertListItem('condition.pairs', NEW_PAIR)}
      >
        Add pair
      </Button>
    </fieldset>
  )
}
