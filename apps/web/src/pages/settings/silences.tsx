import { expireSilence, listServices, listSilences, listSloNames, type SilenceDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconBellOff, IconClock, IconMinus } from '@tabler/icons-react'
import { useState } from 'react'
import { Instant } from '../../panels/instant.tsx'
import { Panel } from '../../panels/panel.tsx'
import { Empty, QueryView } from '../../panels/query-view.tsx'
import { RecordTable, type RecordColumn } from '../../panels/record-table.tsx'
import { SettingsFrame } from '../../panels/settings-frame.tsx'
import { SilenceDialog } from '../../panels/silence-dialog.tsx'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useNow } from '../../queries/use-clock.tsx'
import { useMay } from '../../queries/workspace.tsx'

function SilenceState({ silence, now }: { silence: SilenceDto; now: number }) {
  if (silence.active) {
    return (
      <span className="badge warn">
        <IconBellOff size={14} aria-hidden /> Active
      </span>
    )
  }
  const coming = Date.parse(silence.startsAt) > now
  return (
    <span className="badge">
      {coming ? <IconClock size={14} aria-hidden /> : <IconMinus size={14} aria-hidden />} {coming ? 'Coming' : 'Over'}
    </span>
  )
}

function useColumns(): RecordColumn<SilenceDto>[] {
  const may = useMay('responder')
  const now = useNow()
  const slos = useApiQuery(listSloNames, {})
  const services = useApiQuery(listServices, {})
  const expire = useApiMutation(expireSilence)
  const scope = ({ sloId, serviceId }: SilenceDto) =>
    sloId !== null
      ? (slos.data?.items.find((slo) => slo.id === sloId)?.name ?? 'an archived SLO')
      : `All of ${services.data?.items.find((service) => service.id === serviceId)?.name ?? 'a deleted service'}`
  return [
    { key: 'state', title: 'State', width: 110, render: (silence) => <SilenceState silence={silence} now={now} /> },
    {
      key: 'what',
      title: 'Silenced',
      head: true,
      render: (silence) => (
        <>
          <strong>{scope(silence)}</strong>
          <div className="meta">{silence.comment}</div>
        </>
      ),
    },
    {
      key: 'from',
      title: 'From',
      sort: (silence) => silence.startsAt,
      render: (silence) => <Instant at={silence.startsAt} />,
    },
    { key: 'to', title: 'To', sort: (silence) => silence.endsAt, render: (silence) => <Instant at={silence.endsAt} /> },
    { key: 'by', title: 'By', render: (silence) => silence.createdBy },
    {
      key: 'actions',
      title: '',
      width: 100,
      render: (silence) =>
        may &&
        Date.parse(silence.endsAt) > now && (
          <Button
            variant="default"
            loading={expire.isPending && expire.variables.params.id === silence.id}
            onClick={() => expire.mutate({ params: { id: silence.id } })}
          >
            End now
          </Button>
        ),
    },
  ]
}

export function SilencesPage() {
  const may = useMay('responder')
  const silences = useApiQuery(listSilences, {})
  const [opened, setOpened] = useState(false)
  const columns = useColumns()
  return (
    <SettingsFrame
      title="Silences"
      sub="Hold pages back for a while. SLOs are still evaluated and alerts still open and resolve"
      add={may && 'Silence pages'}
      onAdd={() => setOpened(true)}
    >
      <Panel flush>
        <QueryView query={silences} name="Silences">
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No silences" action={may && <Button onClick={() => setOpened(true)}>Silence pages</Button>}>
                Before planned work, silence the SLO or service that will suffer, so that nobody is woken by it.
              </Empty>
            ) : (
              <RecordTable label="Silences" records={items} columns={columns} idOf={(silence) => silence.id} />
            )
          }
        </QueryView>
      </Panel>
      <SilenceDialog opened={opened} onClose={() => setOpened(false)} />
    </SettingsFrame>
  )
}
