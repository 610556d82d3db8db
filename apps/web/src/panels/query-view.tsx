import { Button, Skeleton, Stack } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ApiError } from '../api-client.ts'

/** What failed, why, and a way to try again. */
export function Failure({ what, error, onRetry }: { what: string; error: Error; onRetry?: () => void }) {
  const requestId = error instanceof ApiError ? error.requestId : undefined
  return (
    <div className="failure" role="alert">
      <IconAlertTriangle size={18} className="is-bad" aria-hidden />
      <p>
        <strong>{what}</strong> {error.message}
        {requestId !== undefined && <span className="meta"> Request {requestId}</span>}
      </p>
      {onRetry !== undefined && (
        <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** What would stand here and the next step towards it. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      <p>{children}</p>
      {action}
    </div>
  )
}

/** Grey lines in the shape of a list. */
export function ListSkeleton({ rows = 6, height = 28 }: { rows?: number; height?: number }) {
  return (
    <Stack gap={10} p={14} aria-busy="true" aria-label="Loading" component="output">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={height} radius="sm" />
      ))}
    </Stack>
  )
}

interface QueryViewProps<T> {
  query: UseQueryResult<T>
  /** Completes "… could not be loaded." */
  name: string
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}

/** The states of a query: skeleton, failure with retry, content. A failed refresh keeps the old content below a notice. */
export function QueryView<T>({ query, name, skeleton, children }: QueryViewProps<T>) {
  const retry = () => void query.refetch()
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && (
          <div style={{ marginBottom: 12 }}>
            <Failure
              what={`${name} could not be refreshed; this is the last answer.`}
              error={query.error}
              onRetry={retry}
            />
          </div>
        )}
        {children(query.data)}
      </>
    )
  }
  if (query.isError && query.error instanceof ApiError && query.error.status === 404) return <Missing name={name} />
  if (query.isError) return <Failure what={`${name} could not be loaded.`} error={query.error} onRetry={retry} />
  return skeleton ?? <ListSkeleton />
}

function Missing({ name }: { name: string }) {
  return (
    <Empty
      title={`${name} is not here`}
      action={
        <Button variant="default" component={Link} to="/">
          Go to the overview
        </Button>
      }
    >
      It does not exist in this workspace, or no longer does.
    </Empty>
  )
}
