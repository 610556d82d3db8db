import { Button } from '@mantine/core'
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { Empty, Failure } from '../panels/query-view.tsx'

/** A page whose code failed or could not be loaded (a new version was deployed meanwhile). */
export function PageError({ error: thrown, reset }: ErrorComponentProps) {
  const router = useRouter()
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const stale = /dynamically imported module|Importing a module/.test(error.message)
  const retry = () => {
    if (stale) window.location.reload()
    reset()
    void router.invalidate()
  }
  return (
    <div style={{ padding: 24 }}>
      <Failure
        what={stale ? 'This page could not be loaded; Nines may have been updated.' : 'This page failed.'}
        error={error}
        onRetry={retry}
      />
    </div>
  )
}

export function NotFound() {
  return (
    <Empty
      title="No such page"
      action={
        <Button variant="default" component={Link} to="/">
          Go to the overview
        </Button>
      }
    >
      The address names nothing here. It may have been archived, or belong to another workspace.
    </Empty>
  )
}
