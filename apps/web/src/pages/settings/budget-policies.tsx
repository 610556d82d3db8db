import '../../theme/budget-policy.css'
import { deleteBudgetPolicy, listBudgetPolicies, type BudgetPolicyDto } from '@nines/contracts'
import { ActionIcon, Button } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { thresholdText } from '../../model/budget-policy-words.ts'
import { BudgetStepsList } from '../../panels/budget-policy/budget-steps-list.tsx'
import { StandingList } from '../../panels/budget-policy/standing-list.tsx'
import { SourceNote, useBudgetPolicySource } from '../../panels/code-source.tsx'
import { confirmDelete } from '../../panels/confirm.tsx'
import { Instant } from '../../panels/instant.tsx'
import { PageHeader } from '../../panels/page-header.tsx'
import { Panel } from '../../panels/panel.tsx'
import { Empty, QueryView } from '../../panels/query-view.tsx'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useMay, usePath } from '../../queries/workspace.tsx'

/** What happens when little of an error budget is left. */
export function BudgetPoliciesPage() {
  const mayEdit = useMay('editor')
  const path = usePath()
  const policies = useApiQuery(listBudgetPolicies, {})
  const add = (label: string) => (
    <Button
      component={Link}
      to={path('/settings/budget-policies/new')}
      leftSection={<IconPlus size={14} aria-hidden />}
    >
      {label}
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Budget policies"
        sub="What happens when little of an error budget is left"
        actions={mayEdit && add('Add policy')}
      />
      <QueryView query={policies} name="Policies">
        {({ items }) =>
          items.length === 0 ? (
            <Panel>
              <Empty title="No policies yet" action={mayEdit && add('Add a policy')}>
                A budget policy lists steps: at a quarter left tell the team, at nothing left open a ticket and freeze
                deploys. SLOs follow it, and pipelines ask their gate.
              </Empty>
            </Panel>
          ) : (
            items.map((policy) => <PolicyPanel key={policy.id} policy={policy} />)
          )
        }
      </QueryView>
    </>
  )
}

function PolicyPanel({ policy }: { policy: BudgetPolicyDto }) {
  const { description, steps, slos, margin, onUnknown, updatedAt, updatedBy } = policy
  const source = useBudgetPolicySource(policy.id)
  return (
    <Panel
      title={policy.name}
      flush
      actions={source === null && <PolicyActions policy={policy} />}
      note={
        <>
          A step is left {thresholdText(margin)} above its threshold, or when the calendar’s next period begins. While
          it is not known what is left, deploys {onUnknown === 'allow' ? 'pass' : 'are frozen'}. Changed by {updatedBy},{' '}
          <Instant at={updatedAt} format="minute" />.
        </>
      }
    >
      <div className="slo-policy">
        <SourceNote source={source} />
        {description !== '' && <p className="policy-text">{description}</p>}
        <BudgetStepsList steps={steps} />
      </div>
      {slos.length === 0 ? (
        <p className="muted budget-events-none">No SLO follows it.</p>
      ) : (
        <StandingList slos={slos} label={`SLOs that follow ${policy.name}`} />
      )}
    </Panel>
  )
}

function PolicyActions({ policy }: { policy: BudgetPolicyDto }) {
  const mayEdit = useMay('editor')
  const path = usePath()
  const remove = useApiMutation(deleteBudgetPolicy)
  if (!mayEdit) return null
  const askDelete = () =>
    confirmDelete({
      title: `Delete “${policy.name}”?`,
      body: 'A policy that an SLO follows cannot be deleted. What was crossed under it stays on record.',
      action: 'Delete',
      run: () => remove.mutateAsync({ params: { id: policy.id } }),
    })
  return (
    <span className="row-links">
      <ActionIcon
        component={Link}
        to={path(`/settings/budget-policies/${policy.id}`)}
        aria-label={`Edit ${policy.name}`}
      >
        <IconPencil size={15} />
      </ActionIcon>
      <ActionIcon aria-label={`Delete ${policy.name}`} onClick={askDelete}>
        <IconTrash size={15} />
      </ActionIcon>
    </span>
  )
}
