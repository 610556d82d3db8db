import type { createPolicy, PolicyDto, updatePolicy } from '@nines/contracts'
import { ActionIcon, Button, MultiSelect, NumberInput, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useRouteForm } from '../queries/use-route-form.ts'
import { targetKey, targetOf, useTargetNames } from '../queries/use-target-names.ts'
import { FormActions } from './form-parts.tsx'

interface PolicyFormProps {
  route: typeof createPolicy | typeof updatePolicy
  policy?: PolicyDto
  onClose: () => void
}

interface StepValues {
  delayMinutes: number | ''
  targets: string[]
}

interface PolicyValues extends Record<string, unknown> {
  name: string
  repeatCount: number | ''
  steps: StepValues[]
}

const newStep = (): StepValues => ({ delayMinutes: 5, targets: [] })

function initialValuesOf(policy: PolicyDto | undefined): PolicyValues {
  const steps = policy?.steps.map((step) => ({
    delayMinutes: step.delaySeconds / 60,
    targets: step.targets.map(targetKey),
  }))
  return { name: policy?.name ?? '', repeatCount: policy?.repeatCount ?? 2, steps: steps ?? [newStep()] }
}

/** Steps in order, each with whom to page and how long to wait for an answer. */
export function PolicyForm({ route, policy, onClose }: PolicyFormProps) {
  const { groups } = useTargetNames()
  const { form, submit, mutation } = useRouteForm({
    route,
    params: policy === undefined ? undefined : { id: policy.id },
    initialValues: initialValuesOf(policy),
    toBody: (values) => ({
      name: values.name,
      repeatCount: Number(values.repeatCount),
      steps: values.steps.map((step) => ({
        delaySeconds: Math.round(Number(step.delayMinutes) * 60),
        targets: step.targets.map(targetOf),
      })),
    }),
    fieldName: (path) => path.replace('delaySeconds', 'delayMinutes').replace(/(targets)\..*/, '$1'),
    onDone: onClose,
  })
  const { steps } = form.values
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <TextInput label="Name" data-autofocus placeholder="Payments" {...form.getInputProps('name')} />
      {steps.map((_, index) => (
        <fieldset key={form.key(`steps.${index}`)} className="fieldset">
          <legend>Step {index + 1}</legend>
          <div
            style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) 130px auto', gap: 10, alignItems: 'start' }}
          >
            <MultiSelect label="Page" searchable data={groups} {...form.getInputProps(`steps.${index}.targets`)} />
            <NumberInput
              label="Then wait"
              suffix=" min"
              min={0.1}
              max={1440}
              {...form.getInputProps(`steps.${index}.delayMinutes`)}
            />
            <ActionIcon
              mt={26}
              size="lg"
              aria-label={`Remove step ${index + 1}`}
              disabled={steps.length === 1}
              onClick={() => form.removeListItem('steps', index)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        </fieldset>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          disabled={steps.length >= 10}
          onClick={() => form.insertListItem('steps', newStep())}
        >
          Add step
        </Button>
      </div>
      <NumberInput
        label="Repeat the whole list"
        description="More times after the first, while nobody acknowledges"
        min={0}
        max={20}
        {...form.getInputProps('repeatCount')}
      />
      <FormActions
        submit={policy === undefined ? 'Add policy' : 'Save policy'}
        pending={mutation.isPending}
        error={mutation.error}
        failed="The policy was not saved."
        onCancel={onClose}
      />
    </form>
  )
}
