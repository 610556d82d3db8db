import { hasRole } from '@nines/contracts'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { usePath, useWorkspace } from '../queries/workspace.tsx'
import { Empty } from './query-view.tsx'

interface SendHintProps {
  title: string
  signal: 'logs' | 'traces'
}

const WHO = {
  logs: 'OpenTelemetry SDKs and collectors, Promtail and other Loki clients, Fluent Bit and Vector',
  traces: 'OpenTelemetry SDKs and collectors, and Zipkin reporters',
} as const

/** Nothing has come yet: who can send it, and where the settings to paste are. */
export function SendHint({ title, signal }: SendHintProps) {
  const path = usePath()
  const { role } = useWorkspace()
  const isAdmin = hasRole(role, 'admin')
  return (
    <Empty
      title={title}
      action={
        isAdmin && (
          <Button component={Link} to={path('/settings/keys')}>
            Create a key and send {signal}
          </Button>
        )
      }
    >
      {WHO[signal]} send {signal} to the ingest address of this Nines with an ingest key, over HTTP (port 4318) or gRPC
      (port 4317).{' '}
      {isAdmin ? 'A new key comes with settings to paste for each of them.' : 'An admin of this workspace has the key.'}
    </Empty>
  )
}
