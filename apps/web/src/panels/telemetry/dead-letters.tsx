import { discardDeadLetter, listDeadLetters, replayDeadLetter, type DeadLetterDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { formatBytes } from '../../model/format-bytes.ts'
import { formatCount } from '../../model/format-number.ts'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useMay } from '../../queries/workspace.tsx'
import { confirmDelete } from '../confirm.tsx'
import { Instant } from '../instant.tsx'
import { Panel } from '../panel.tsx'
import { Empty, QueryView } from '../query-view.tsx'
import { RecordTable, type RecordColumn } from '../record-table.tsx'

/** Telemetry that was accepted but could not be stored; each block is put back or dropped by hand. */
export function DeadLetters() {
  const mayRead = useMay('editor')
  const letters = useApiQuery(listDeadLetters, {}, { enabled: mayRead })
  const columns = useColumns()
  return (
    <Panel title="Set aside" flush>
      {mayRead ? (
        <QueryView query={letters} name="What was set aside">
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="Nothing is set aside">
                <IconCheck size={15} className="is-good" aria-hidden style={{ verticalAlign: '-3px' }} /> Everything
                that was accepted has been stored. A block that the store cannot take would wait here with its reason,
                so that the rest goes on.
              </Empty>
            ) : (
              <RecordTable label="Set aside" records={items} columns={columns} idOf={({ id }) => id} />
            )
          }
        </QueryView>
      ) : (
        <Empty title="Only editors see what was set aside">Ask an editor or admin of this workspace.</Empty>
      )}
    </Panel>
  )
}

function useColumns(): RecordColumn<DeadLetterDto>[] {
  const isAdmin = useMay('admin')
  const replay = useApiMutation(replayDeadLetter)
  const discard = useApiMutation(discardDeadLetter)
  const askReplay = ({ id, rows }: DeadLetterDto) =>
    confirmDelete({
      title: 'Store it again?',
      body: `${formatCount(rows)} rows go back into the stream. Where the reason still holds, they come back here.`,
      action: 'Put back',
      tone: 'plain',
      run: () => replay.mutateAsync({ params: { id } }),
    })
  const askDiscard = ({ id, rows }: DeadLetterDto) =>
    confirmDelete({
      title: 'Drop it for good?',
      body: `${formatCount(rows)} rows that were accepted are lost. This cannot be undone.`,
      action: 'Drop',
      run: () => discard.mutateAsync({ params: { id } }),
    })
  return [
    {
      key: 'reason',
      title: 'Reason',
      head: true,
      render: ({ reason }) => <span className="wrap-anywhere">{reason}</span>,
    },
    {
      key: 'rows',
      title: 'Rows',
      numeric: true,
      width: 90,
      sort: ({ rows }) => rows,
      render: ({ rows }) => formatCount(rows),
    },
    {
      key: 'size',
      title: 'Size',
      numeric: true,
      width: 100,
      sort: ({ size }) => size,
      render: ({ size }) => formatBytes(size),
    },
    {
      key: 'received',
      title: 'Received',
      width: 170,
      sort: ({ receivedAt }) => receivedAt,
      render: ({ receivedAt }) => <Instant at={receivedAt} />,
    },
    { key: 'at', title: 'Set aside', width: 120, sort: ({ at }) => at, render: ({ at }) => <Instant at={at} ago /> },
    ...(isAdmin
      ? [
          {
            key: 'actions',
            title: '',
            width: 170,
            render: (letter: DeadLetterDto) => (
              <div className="row-buttons">
                <Button variant="default" onClick={() => askReplay(letter)}>
                  Put back
                </Button>
                <Button variant="default" onClick={() => askDiscard(letter)}>
                  Drop
                </Button>
              </div>
            ),
          },
        ]
      : []),
  ]
}
