import { getSetupState } from '@nines/contracts'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Navigate } from '@tanstack/react-router'
import { call } from '../api-client.ts'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { meQuery } from '../queries/use-me.ts'
import { NotFound } from './page-error.tsx'

const shortRoute = getRouteApi('/$')
const PAGES = /^(overview|slos|alerts|incidents|checks|reviews|settings)(\/|$)/

/** "/" leads to the overview of the workspace used last, or to the login, or to a hint how to set Nines up. */
export function HomePage() {
  return <Entry page="overview" />
}

/** "/incidents/…" leads to that page of the workspace used last; the launcher and old links name pages so. */
export function ShortAddressPage() {
  const { _splat: page = '' } = shortRoute.useParams()
  if (page === 'sign-in') return <Navigate to="/login" replace />
  return PAGES.test(page) ? <Entry page={page} /> : <NotFound />
}

function Entry({ page }: { page: string }) {
  const me = useQuery(meQuery)
  const setup = useQuery({
    queryKey: ['setup'],
    queryFn: ({ signal }) => call(getSetupState, {}, undefined, signal),
    enabled: me.data === null,
  })
  if (me.data === null) {
    return (
      <QueryView query={setup} name="The state of this installation" skeleton={null}>
        {({ needed }) => (needed ? <SetupHint /> : <Navigate to="/login" />)}
      </QueryView>
    )
  }
  return (
    <QueryView query={me} name="Your account" skeleton={null}>
      {(known) => {
        const last = localStorage.getItem('nines-workspace')
        const workspace = known?.workspaces.find((w) => w.slug === last) ?? known?.workspaces[0]
        if (workspace === undefined) {
          return <Empty title="No workspace">Your account is in no workspace. Ask an admin for an invitation.</Empty>
        }
        const address: string = `/w/${workspace.slug}/${page}`
        return <Navigate to={address} replace />
      }}
    </QueryView>
  )
}

function SetupHint() {
  return (
    <Empty title="Nines is running; nobody has an account yet">
      Its start-up output ends with a one-time link to create the first admin. Open that link in this browser.
    </Empty>
  )
}
