import { replayDelivery, type PageDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconRepeat } from '@tabler/icons-react'
import { useApiMutation } from '../queries/use-api.ts'
import { useMay } from '../queries/workspace.tsx'
import { DeliveryAttempts } from './delivery-attempts.tsx'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'
import { StatusBadge } from './status-badge.tsx'

/** Everybody who was paged, why them, and every attempt to reach them. */
export function PageList({ pages, quietBecause }: { pages: readonly PageDto[]; quietBecause: string }) {
  return (
    <Panel title={`Pages (${pages.length})`} flush>
      {pages.map((page) => (
        <PageCard key={page.id} page={page} />
      ))}
      {pages.length === 0 && <p style={{ padding: 14 }}>Nobody was paged. {quietBecause}</p>}
    </Panel>
  )
}

function PageCard({ page }: { page: PageDto }) {
  const may = useMay('responder')
  const replay = useApiMutation(replayDelivery, () =>
    notifications.show({ title: 'Sending again', message: 'Under the same webhook-id, so receivers can tell.' }),
  )
  return (
    <article className="page-card" aria-label={`Page to ${page.responder ?? page.channel.name}`}>
      <div
        style={{
          display: 'flex',
          flexWrap: 'wrap',
          gap: '6px 12px',
          alignItems: 'center',
          justifyContent: 'space-between',
        }}
      >
        <div>
          <strong>{page.responder ?? page.channel.name}</strong>{' '}
          <span className="muted">through {page.channel.name}</span>{' '}
          <StatusBadge of="delivery" state={page.deliveryState} />
        </div>
        {may && page.deliveryState !== 'pending' && (
          <Button
            variant="default"
            leftSection={<IconRepeat size={14} />}
            loading={replay.isPending}
            aria-label={`Send the page to ${page.responder ?? page.channel.name} again`}
            onClick={() =>
              replay.mutate(
                { params: { id: page.messageId } },
                { onError: (error) => notifications.show({ color: 'red', title: 'Not sent', message: error.message }) },
              )
            }
          >
            Send again
          </Button>
        )}
      </div>
      <p style={{ margin: '3px 0' }}>{page.reason}</p>
      <p className="meta" style={{ marginBottom: 6 }}>
        <Instant at={page.createdAt} /> · step {page.step + 1}, round {page.round + 1} ·{' '}
        <span className="mono wrap-anywhere">{page.messageId}</span>
      </p>
      <DeliveryAttempts attempts={page.deliveries} />
      {page.nextAttemptAt !== null && (
        <p className="meta">
          Next attempt <Instant at={page.nextAttemptAt} ago />
        </p>
      )}
    </article>
  )
}
