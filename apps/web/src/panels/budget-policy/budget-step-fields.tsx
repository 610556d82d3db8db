import type { UseFormReturnType } from '@mantine/form'
import { ActionIcon, Button, Checkbox, MultiSelect, NumberInput, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { newBudgetStep, type BudgetPolicyValues } from '../../model/budget-policy-form.ts'

type Form = UseFormReturnType<BudgetPolicyValues>

interface BudgetStepsProps {
  form: Form
  /** Options of the channel selects. */
  channels: { value: string; label: string }[]
}

/** Thresholds on what is left of the budget, each with what happens there. */
export function BudgetSteps({ form, channels }: BudgetStepsProps) {
  const { steps } = form.values
  return (
    <>
      {steps.map((step, index) => (
        <StepFields key={step.key} form={form} index={index} channels={channels} />
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={steps.length >= 8}
          onClick={() => form.insertListItem('steps', newBudgetStep(''))}
        >
          Add step
        </Button>
      </div>
    </>
  )
}

function StepFields({ form, index, channels }: BudgetStepsProps & { index: number }) {
  const at = `steps.${index}`
  const { leftPercent, notify, tickets } = form.values.steps[index] ?? newBudgetStep('')
  const name = leftPercent === '' ? `step ${index + 1}` : `the step at ${leftPercent} %`
  return (
    <fieldset className="fieldset budget-step">
      <legend>Step {index + 1}</legend>
      <div className="form-grid">
        <div className="budget-step-head">
          <NumberInput
            label="When no more is left than"
            suffix=" %"
            max={99.9999}
            step={5}
            clampBehavior="none"
            {...form.getInputProps(`${at}.leftPercent`)}
          />
          <ActionIcon
            mt={26}
            size="lg"
            aria-label={`Remove ${name}`}
            disabled={form.values.steps.length === 1}
            onClick={() => form.removeListItem('steps', index)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
        <div className="form-row">
          <MultiSelect
            label="Tell"
            placeholder={notify.length === 0 ? 'Nobody' : undefined}
            data={channels}
            searchable
            {...form.getInputProps(`${at}.notify`)}
          />
          <MultiSelect
            label="Open a ticket through"
            placeholder={tickets.length === 0 ? 'No ticket' : undefined}
            data={channels}
            searchable
            {...form.getInputProps(`${at}.tickets`)}
          />
        </div>
        <TextInput
          label="What was agreed on"
          placeholder="Reliability work goes before features"
          {...form.getInputProps(`${at}.note`)}
        />
        <Checkbox label="Freeze deploys" {...form.getInputProps(`${at}.freezes`, { type: 'checkbox' })} />
      </div>
    </fieldset>
  )
}
