import { acceptInvitation, getInvitation } from '@nines/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api-client.ts'
import { CenterPage, hashToken } from '../panels/center-page.tsx'
import { QueryView } from '../panels/query-view.tsx'
import { AccountForm } from './account-form.tsx'

/** Accepts an invitation by the link an admin handed over. */
export function InvitePage() {
  const [token] = useState(hashToken)
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => call(getInvitation, { body: { token } }, undefined, signal),
    enabled: token !== '',
    refetchInterval: false,
  })
  if (token === '') {
    return (
      <CenterPage title="Invitation">
        <p>The link is incomplete. Ask whoever invited you to send the whole link.</p>
      </CenterPage>
    )
  }
  return (
    <CenterPage
      title={invitation.data === undefined ? 'Invitation' : `Join ${invitation.data.workspaceName}`}
      lead={invitation.data && `You will be a ${invitation.data.role} there.`}
    >
      <QueryView query={invitation} name="The invitation">
        {({ email }) => (
          <AccountForm
            submit="Join"
            email={email}
            create={({ name, password }) => call(acceptInvitation, { body: { token, name, password } })}
          />
        )}
      </QueryView>
    </CenterPage>
  )
}
