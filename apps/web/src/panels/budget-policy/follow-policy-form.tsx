import {
  listBudgetPolicies,
  setSloBudgetPolicy,
  windowText,
  type BudgetPolicyDto,
  type SloBudgetPolicy,
  type SloDetail,
} from '@nines/contracts'
import { Select } from '@mantine/core'
import { formatTarget } from '../../model/format-ratio.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { useRouteForm } from '../../queries/use-route-form.ts'
import { FormActions } from '../form-parts.tsx'
import { ListSkeleton, QueryView } from '../query-view.tsx'

interface FollowPolicyFormProps {
  slo: SloDetail
  followed: SloBudgetPolicy
  onClose: () => void
}

const NONE = 'none'
const EVERY = 'every'

/** Chooses the policy that an SLO follows and the objective that it watches. */
export function FollowPolicyDialog(props: FollowPolicyFormProps) {
  const policies = useApiQuery(listBudgetPolicies, {})
  return (
    <QueryView query={policies} name="The policies" skeleton={<ListSkeleton rows={2} height={36} />}>
      {({ items }) => <FollowPolicyForm {...props} policies={items} />}
    </QueryView>
  )
}

function FollowPolicyForm({
  slo,
  followed,
  onClose,
  policies,
}: FollowPolicyFormProps & { policies: readonly BudgetPolicyDto[] }) {
  const objective = followed.policy === null ? 0 : followed.objective
  const { form, submit, mutation } = useRouteForm({
    route: setSloBudgetPolicy,
    params: { id: slo.id },
    initialValues: {
      policyId: followed.policy?.id ?? NONE,
      objective: objective === null ? EVERY : String(objective),
    },
    toBody: (values) => ({
      policyId: values.policyId === NONE ? null : values.policyId,
      objective: values.objective === EVERY ? null : Number(values.objective),
    }),
    onDone: onClose,
  })
  const objectives = [slo, ...slo.furtherObjectives].map(({ target, window }, index) => ({
    value: String(index),
    label: `${formatTarget(target)} over ${windowText(window)}`,
  }))
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <Select
        label="Policy"
        data-autofocus
        allowDeselect={false}
        data={[{ value: NONE, label: 'None' }, ...policies.map(({ id, name }) => ({ value: id, label: name }))]}
        {...form.getInputProps('policyId')}
      />
      {objectives.length > 1 && (
        <Select
          label="Watches"
          allowDeselect={false}
          data={[...objectives, { value: EVERY, label: 'Every objective by itself' }]}
          {...form.getInputProps('objective')}
        />
      )}
      <p className="hint">
        Steps that are in force under another policy are left, and those who were told are told so. The new policy is
        judged by what is left at the next evaluation.
      </p>
      <FormActions
        submit="Save"
        pending={mutation.isPending}
        error={mutation.error}
        failed="It was not saved."
        onCancel={onClose}
      />
    </form>
  )
}
