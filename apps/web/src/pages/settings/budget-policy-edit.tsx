import { createBudgetPolicy, getBudgetPolicy, updateBudgetPolicy, type BudgetPolicyDetail } from '@nines/contracts'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { BudgetPolicyForm } from '../../panels/budget-policy/budget-policy-form.tsx'
import { PolicyChanges } from '../../panels/budget-policy/policy-changes.tsx'
import { MadeHereOnly, useBudgetPolicySource } from '../../panels/code-source.tsx'
import { EditorsOnly } from '../../panels/editors-only.tsx'
import { PageHeader } from '../../panels/page-header.tsx'
import { QueryView } from '../../panels/query-view.tsx'
import { useApiQuery } from '../../queries/use-api.ts'
import { usePath } from '../../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/settings/budget-policies/$id')
const LIST = { label: 'Budget policies', page: '/settings/budget-policies' }

function useBack(): () => void {
  const navigate = useNavigate()
  const path = usePath()
  return () => void navigate({ to: path(LIST.page) })
}

export function BudgetPolicyNewPage() {
  const path = usePath()
  const back = useBack()
  return (
    <>
      <PageHeader title="New budget policy" parent={{ label: LIST.label, to: path(LIST.page) }} />
      <EditorsOnly back={LIST}>
        <BudgetPolicyForm route={createBudgetPolicy} onDone={back} onCancel={back} />
      </EditorsOnly>
    </>
  )
}

export function BudgetPolicyEditPage() {
  const { id } = route.useParams()
  const policy = useApiQuery(getBudgetPolicy, { params: { id } })
  return (
    <QueryView query={policy} name="The policy">
      {(data) => <Edit policy={data} />}
    </QueryView>
  )
}

function Edit({ policy }: { policy: BudgetPolicyDetail }) {
  const source = useBudgetPolicySource(policy.id)
  const path = usePath()
  const back = useBack()
  const parent = { label: LIST.label, to: path(LIST.page) }
  return (
    <>
      <PageHeader title={`Edit ${policy.name}`} parent={parent} />
      <EditorsOnly back={LIST}>
        <MadeHereOnly source={source} what="budget policy" back={parent}>
          <BudgetPolicyForm route={updateBudgetPolicy} policy={policy} onDone={back} onCancel={back} />
        </MadeHereOnly>
      </EditorsOnly>
      <div style={{ marginTop: 20 }}>
        <PolicyChanges changes={policy.changes} />
      </div>
    </>
  )
}
