import { completeSetup, getSetupState } from '@nines/contracts'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api-client.ts'
import { CenterPage, hashToken } from '../panels/center-page.tsx'
import { QueryView } from '../panels/query-view.tsx'
import { AccountForm } from './account-form.tsx'

/** Creates the first admin with the one-time link that the start-up output shows. */
export function SetupPage() {
  const [token] = useState(hashToken)
  const setup = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => call(getSetupState, {}, undefined, signal) })
  return (
    <CenterPage title="Set up Nines" lead="Create the first admin. Everybody else is invited by an admin later.">
      <QueryView query={setup} name="The state of this installation">
        {({ needed }) => {
          if (!needed) {
            return (
              <>
                <p>This installation has its first admin already.</p>
                <Button component={Link} to="/login" mt="md" size="sm">
                  Sign in
                </Button>
              </>
            )
          }
          if (token === '') return <p>The link is incomplete. Open it exactly as the start-up output shows it.</p>
          return (
            <AccountForm
              submit="Create admin"
              askWorkspace
              create={({ name, email, password, workspaceName }) =>
                call(completeSetup, {
                  body: { token, name, email, password, workspaceName: workspaceName.trim() || undefined },
                })
              }
            />
          )
        }}
      </QueryView>
    </CenterPage>
  )
}
