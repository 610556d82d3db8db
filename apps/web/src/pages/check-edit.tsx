import { createCheck, getCheck, updateCheck, type CheckDto } from '@nines/contracts'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { CheckForm } from '../panels/check-form.tsx'
import { EditorsOnly } from '../panels/editors-only.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { QueryView } from '../panels/query-view.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/checks/$id/edit')

export function CheckNewPage() {
  const navigate = useNavigate()
  const path = usePath()
  return (
    <>
      <PageHeader title="New check" parent={{ label: 'Checks', to: path('/checks') }} />
      <EditorsOnly back={{ label: 'All checks', page: '/checks' }}>
        <CheckForm
          route={createCheck}
          onDone={(check) => void navigate({ to: path(`/checks/${check.id}`) })}
          onCancel={() => void navigate({ to: path('/checks') })}
        />
      </EditorsOnly>
    </>
  )
}

export function CheckEditPage() {
  const { id } = route.useParams()
  const check = useApiQuery(getCheck, { params: { id } })
  return (
    <QueryView query={check} name="The check">
      {(data) => <Edit check={data} />}
    </QueryView>
  )
}

function Edit({ check }: { check: CheckDto }) {
  const navigate = useNavigate()
  const path = usePath()
  const back = () => void navigate({ to: path(`/checks/${check.id}`) })
  return (
    <>
      <PageHeader title={`Edit ${check.name}`} parent={{ label: check.name, to: path(`/checks/${check.id}`) }} />
      <EditorsOnly back={{ label: 'All checks', page: '/checks' }}>
        <CheckForm route={updateCheck} check={check} onDone={back} onCancel={back} />
      </EditorsOnly>
    </>
  )
}
