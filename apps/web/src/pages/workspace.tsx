import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { Shell } from '../panels/shell.tsx'
import { meQuery } from '../queries/use-me.ts'
import { WorkspaceProvider } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace')

/** Checks the session and membership, then shows the page in its frame. */
export function WorkspaceLayout() {
  const { workspace: slug } = route.useParams()
  const me = useQuery(meQuery)
  useEffect(() => localStorage.setItem('nines-workspace', slug), [slug])
  if (me.data === null) return <ToLogin />
  return (
    <QueryView query={me} name="Your account" skeleton={null}>
      {(known) => {
        const workspace = known?.workspaces.find((w) => w.slug === slug)
        if (known === null || workspace === undefined) return <NoMember />
        return (
          <WorkspaceProvider key={slug} value={{ slug, name: workspace.name, role: workspace.role, user: known.user }}>
            <Shell />
          </WorkspaceProvider>
        )
      }}
    </QueryView>
  )
}

/** Leads back here after signing in. The address is taken once: it changes while the login page is loading. */
function ToLogin() {
  const [next] = useState(() => window.location.pathname + window.location.search)
  return <Navigate to="/login" search={{ next }} replace />
}

function NoMember() {
  return (
    <Empty
      title="No such workspace"
      action={
        <Button variant="default" component={Link} to="/">
          Go to your workspace
        </Button>
      }
    >
      It does not exist, or you are not a member of it.
    </Empty>
  )
}
