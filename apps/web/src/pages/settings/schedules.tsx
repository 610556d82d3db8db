import { createSchedule, deleteSchedule, listSchedules, updateSchedule, type ScheduleDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { WEEKDAYS } from '../../model/words.ts'
import { confirmDelete } from '../../panels/confirm.tsx'
import { OverrideForm } from '../../panels/override-form.tsx'
import { Panel } from '../../panels/panel.tsx'
import { Empty, QueryView } from '../../panels/query-view.tsx'
import { RowActions } from '../../panels/row-actions.tsx'
import { ScheduleForm } from '../../panels/schedule-form.tsx'
import { FormDialog, SettingsFrame } from '../../panels/settings-frame.tsx'
import { ShiftStrip } from '../../panels/shift-strip.tsx'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useMay } from '../../queries/workspace.tsx'

/** Who is on call, now and in the coming weeks. */
export function SchedulesPage() {
  const mayEdit = useMay('editor')
  const schedules = useApiQuery(listSchedules, {})
  const [editing, setEditing] = useState<ScheduleDto | 'new' | null>(null)
  const [overriding, setOverriding] = useState<ScheduleDto | null>(null)
  return (
    <SettingsFrame
      title="Schedules"
      sub="Who is on call, and when it passes on"
      add={mayEdit && 'Add schedule'}
      onAdd={() => setEditing('new')}
    >
      <QueryView query={schedules} name="Schedules">
        {({ items }) =>
          items.length === 0 ? (
            <Panel>
              <Empty
                title="No schedules yet"
                action={mayEdit && <Button onClick={() => setEditing('new')}>Add a schedule</Button>}
              >
                A schedule passes the watch from one person to the next every week. Escalation policies page whoever has
                it.
              </Empty>
            </Panel>
          ) : (
            items.map((schedule) => (
              <SchedulePanel key={schedule.id} schedule={schedule} onEdit={setEditing} onOverride={setOverriding} />
            ))
          )
        }
      </QueryView>
      <FormDialog
        title={editing === 'new' ? 'Add schedule' : 'Edit schedule'}
        opened={editing !== null}
        onClose={() => setEditing(null)}
      >
        <ScheduleForm
          route={editing === 'new' ? createSchedule : updateSchedule}
          schedule={editing === 'new' ? undefined : (editing ?? undefined)}
          onClose={() => setEditing(null)}
        />
      </FormDialog>
      <FormDialog
        title={`Take over in ${overriding?.name ?? ''}`}
        opened={overriding !== null}
        onClose={() => setOverriding(null)}
        size="md"
      >
        {overriding !== null && <OverrideForm schedule={overriding} onClose={() => setOverriding(null)} />}
      </FormDialog>
    </SettingsFrame>
  )
}

interface SchedulePanelProps {
  schedule: ScheduleDto
  onEdit: (schedule: ScheduleDto) => void
  onOverride: (schedule: ScheduleDto) => void
}

function SchedulePanel({ schedule, onEdit, onOverride }: SchedulePanelProps) {
  const mayEdit = useMay('editor')
  const mayOverride = useMay('responder')
  const remove = useApiMutation(deleteSchedule)
  const { rotation } = schedule
  const askDelete = () =>
    confirmDelete({
      title: `Delete “${schedule.name}”?`,
      body: 'A schedule that a policy uses cannot be deleted.',
      action: 'Delete',
      run: () => remove.mutateAsync({ params: { id: schedule.id } }),
    })
  return (
    <Panel
      flush
      title={schedule.name}
      actions={
        <div className="page-actions" style={{ width: 'auto' }}>
          {mayOverride && (
            <Button
              variant="default"
              onClick={() => onOverride(schedule)}
              aria-label={`Take over a shift in ${schedule.name}`}
            >
              Take over a shift
            </Button>
          )}
          {mayEdit && <RowActions name={schedule.name} onEdit={() => onEdit(schedule)} onDelete={askDelete} />}
        </div>
      }
    >
      <div style={{ padding: '12px 14px' }}>
        <span className="muted">On call now </span>
        <strong className={schedule.onCall === null ? 'is-bad' : ''}>{schedule.onCall?.name ?? 'Nobody'}</strong>
        <div className="meta" style={{ marginTop: 2 }}>
          Weekly, handed over {WEEKDAYS[rotation.handoffWeekday - 1]} {rotation.handoffTime} ({rotation.timeZone}):{' '}
          {schedule.participants.map((user) => user.name).join(' → ')}
        </div>
      </div>
      <ShiftStrip schedule={schedule} />
    </Panel>
  )
}
