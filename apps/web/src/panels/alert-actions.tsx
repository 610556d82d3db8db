import { acknowledgeAlert, alertTitle, resolveAlert, type AlertDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCheck, IconHandStop } from '@tabler/icons-react'
import { useApiMutation } from '../queries/use-api.ts'
import { useMay } from '../queries/workspace.tsx'

interface AlertActionsProps {
  alert: Pick<AlertDto, 'id' | 'state' | 'service' | 'slo'>
  /** Leaves "Resolve" to the alert's own page. */
  compact?: boolean
}

/** Acknowledge and resolve, as the alert's state allows. */
export function AlertActions({ alert, compact = false }: AlertActionsProps) {
  const may = useMay('responder')
  const acknowledge = useApiMutation(acknowledgeAlert)
  const resolve = useApiMutation(resolveAlert)
  if (!may || alert.state === 'resolved') return null
  const input = { params: { id: alert.id } }
  const failed = (error: Error) => notifications.show({ color: 'red', title: 'Not changed', message: error.message })
  return (
    <>
      {alert.state === 'firing' && (
        <Button
          leftSection={<IconHandStop size={14} />}
          loading={acknowledge.isPending}
          aria-label={compact ? `Acknowledge ${alertTitle(alert.service.name, alert.slo.name)}` : undefined}
          onClick={() => acknowledge.mutate(input, { onError: failed })}
        >
          Acknowledge
        </Button>
      )}
      {!compact && (
        <Button
          variant="default"
          leftSection={<IconCheck size={14} />}
          loading={resolve.isPending}
          onClick={() => resolve.mutate(input, { onError: failed })}
        >
          Resolve
        </Button>
      )}
    </>
  )
}
