import '../../theme/budget-policy.css'
import {
  listBudgetPolicies,
  listChannels,
  listSloNames,
  type BudgetPolicyDto,
  type createBudgetPolicy,
  type updateBudgetPolicy,
} from '@nines/contracts'
import { MultiSelect, NumberInput, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { budgetPolicyBody, budgetPolicyField, budgetPolicyValues } from '../../model/budget-policy-form.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { useRouteForm } from '../../queries/use-route-form.ts'
import { FormActions, MOST_OPTIONS } from '../form-parts.tsx'
import { BudgetPreview } from './budget-preview.tsx'
import { BudgetSteps } from './budget-step-fields.tsx'

interface BudgetPolicyFormProps {
  route: typeof createBudgetPolicy | typeof updateBudgetPolicy
  policy?: BudgetPolicyDto
  onDone: () => void
  onCancel: () => void
}

const UNKNOWN = [
  { value: 'allow', label: 'Let deploys pass' },
  { value: 'freeze', label: 'Freeze deploys' },
]

/** What happens when little of a budget is left, with how its SLOs would stand under it right now. */
export function BudgetPolicyForm({ route, policy, onDone, onCancel }: BudgetPolicyFormProps) {
  const channels = useApiQuery(listChannels, {})
  const slos = useSloOptions(policy)
  const { form, submit, mutation } = useRouteForm({
    route,
    params: policy === undefined ? undefined : { id: policy.id },
    initialValues: budgetPolicyValues(policy),
    toBody: (values) => budgetPolicyBody(values, policy),
    fieldName: budgetPolicyField,
    onDone,
  })
  const options = (channels.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <div className="form-page">
      <form className="form-grid" noValidate onSubmit={submit}>
        <TextInput label="Name" data-autofocus placeholder="Shop" {...form.getInputProps('name')} />
        <Textarea
          label="What you agreed on"
          description="In your words: why, who decides, what counts as an emergency"
          autosize
          minRows={3}
          maxRows={14}
          {...form.getInputProps('description')}
        />
        <BudgetSteps form={form} channels={options} />
        <NumberInput
          label="Left again above the threshold and"
          description="So that a budget around a threshold does not come and go. A new calendar period leaves every step."
          suffix=" % of the budget"
          min={0}
          max={100}
          step={1}
          {...form.getInputProps('marginPercent')}
        />
        <div>
          <span className="field-label" id="on-unknown">
            While it is not known what is left
          </span>
          <SegmentedControl
            aria-labelledby="on-unknown"
            fullWidth
            data={UNKNOWN}
            {...form.getInputProps('onUnknown')}
          />
          <p className="hint" style={{ marginTop: 6 }}>
            Of an SLO without events, without data or not evaluated. A freeze that is in force stays in force either
            way.
          </p>
        </div>
        <MultiSelect
          label="SLOs that follow it"
          description="An SLO follows one policy at most; choose the objective on its page"
          placeholder={form.values.slos.length === 0 ? 'None yet' : undefined}
          searchable
          clearable
          limit={MOST_OPTIONS}
          data={slos}
          {...form.getInputProps('slos')}
        />
        <FormActions
          submit={policy === undefined ? 'Create policy' : 'Save policy'}
          pending={mutation.isPending}
          error={mutation.error}
          failed="The policy was not saved."
          onCancel={onCancel}
        />
      </form>
      <BudgetPreview draft={budgetPolicyBody(form.values, policy)} />
    </div>
  )
}

/** SLOs to choose from; those that follow another policy are there and cannot be chosen. */
function useSloOptions(policy: BudgetPolicyDto | undefined) {
  const slos = useApiQuery(listSloNames, {})
  const policies = useApiQuery(listBudgetPolicies, {})
  const follows = new Map(
    (policies.data?.items ?? [])
      .filter(({ id }) => id !== policy?.id)
      .flatMap(({ name, slos: followers }) => followers.map(({ id }) => [id, name] as const)),
  )
  const services = Map.groupBy(slos.data?.items ?? [], (slo) => slo.service.name)
  return [...services].map(([group, items]) => ({
    group,
    items: items.map(({ id, name }) => {
      const other = follows.get(id)
      const label = other === undefined ? name : `${name} (follows ${other})`
      return { value: id, label, disabled: other !== undefined }
    }),
  }))
}
