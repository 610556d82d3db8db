import { createSlo, getSlo, updateSlo, type SloDetail } from '@nines/contracts'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { parseDraft } from '../model/slo-draft.ts'
import { EditorsOnly } from '../panels/editors-only.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { QueryView } from '../panels/query-view.tsx'
import { SloForm } from '../panels/slo-form.tsx'
import { MadeHereOnly, useSloSource } from '../panels/code-source.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/slos/$id/edit')
const newRoute = getRouteApi('/w/$workspace/slos/new')

export function SloNewPage() {
  const navigate = useNavigate()
  const path = usePath()
  const draft = parseDraft(newRoute.useSearch().draft)
  return (
    <>
      <PageHeader title="New SLO" parent={{ label: 'SLOs', to: path('/slos') }} />
      <EditorsOnly back={{ label: 'All SLOs', page: '/slos' }}>
        <SloForm
          route={createSlo}
          draft={draft}
          onDone={(slo) => void navigate({ to: path(`/slos/${slo.id}`) })}
          onCancel={() => void navigate({ to: path('/slos') })}
        />
      </EditorsOnly>
    </>
  )
}

export function SloEditPage() {
  const { id } = route.useParams()
  const slo = useApiQuery(getSlo, { params: { id } })
  return (
    <QueryView query={slo} name="The SLO">
      {(data) => <Edit slo={data} />}
    </QueryView>
  )
}

function Edit({ slo }: { slo: SloDetail }) {
  const navigate = useNavigate()
  const path = usePath()
  const source = useSloSource(slo.id)
  const to = path(`/slos/${slo.id}`)
  const back = () => void navigate({ to })
  return (
    <>
      <PageHeader title={`Edit ${slo.name}`} parent={{ label: slo.name, to }} />
      <EditorsOnly back={{ label: 'All SLOs', page: '/slos' }}>
        <MadeHereOnly source={source} what="SLO" back={{ label: 'Back to the SLO', to }}>
          <SloForm route={updateSlo} slo={slo} onDone={back} onCancel={back} />
        </MadeHereOnly>
      </EditorsOnly>
    </>
  )
}
