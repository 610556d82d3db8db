import { actOnAlertLink, lookupAlertLink } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconCheck, IconHandStop } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api-client.ts'
import { CenterPage, hashToken } from '../panels/center-page.tsx'
import { Instant } from '../panels/instant.tsx'
import { Failure, QueryView } from '../panels/query-view.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'

/** The page behind the link in a page: acknowledge or resolve with one thumb and no sign-in. */
export function ActPage() {
  const [token] = useState(hashToken)
  const alert = useQuery({
    queryKey: ['alert-link', token],
    queryFn: ({ signal }) => call(lookupAlertLink, { body: { token } }, undefined, signal),
    enabled: token !== '',
    refetchInterval: 5000,
  })
  if (token === '') {
    return (
      <CenterPage title="Alert">
        <p>The link is incomplete. Open it exactly as the page you received has it.</p>
      </CenterPage>
    )
  }
  return (
    <CenterPage title={alert.data?.serviceName ?? 'Alert'}>
      <QueryView query={alert} name="The alert">
        {(found) => (
          <>
            <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
              <StatusBadge of="alert" state={found.state} />
              <StatusBadge of="severity" state={found.severity} />
            </div>
            <p style={{ margin: '14px 0 6px', fontSize: 17, fontWeight: 600, lineHeight: 1.35 }}>{found.summary}</p>
            <p className="muted">
              Since <Instant at={found.firedAt} />
              {found.responder !== null && <>, paged {found.responder}</>}
            </p>
            <ActButtons token={token} state={found.state} />
            <p style={{ marginTop: 18 }}>
              <Link to="/w/$workspace/alerts/$id" params={{ workspace: found.workspaceSlug, id: found.alertId }}>
                Open the alert in Nines
              </Link>
            </p>
          </>
        )}
      </QueryView>
    </CenterPage>
  )
}

function ActButtons({ token, state }: { token: string; state: string }) {
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (action: 'acknowledge' | 'resolve') => call(actOnAlertLink, { body: { token, action } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['alert-link', token] }),
  })
  if (state === 'resolved') return <p style={{ marginTop: 20 }}>It is resolved. Nothing is left to do here.</p>
  const busy = (action: string) => act.isPending && act.variables === action
  return (
    <div className="act-buttons">
      {act.isError && <Failure what="That did not work." error={act.error} />}
      {state === 'acknowledged' ? (
        <output>Acknowledged: the escalation has stopped.</output>
      ) : (
        <Button
          h={60}
          fz={17}
          fullWidth
          loading={busy('acknowledge')}
          leftSection={<IconHandStop size={22} />}
          onClick={() => act.mutate('acknowledge')}
        >
          Acknowledge
        </Button>
      )}
      <Button
        h={60}
        fz={17}
        fullWidth
        variant="default"
        loading={busy('resolve')}
        leftSection={<IconCheck size={22} />}
        onClick={() => act.mutate('resolve')}
      >
        Resolve
      </Button>
    </div>
  )
}
