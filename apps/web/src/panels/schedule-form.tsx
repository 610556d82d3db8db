import { listMembers, type createSchedule, type ScheduleDto, type updateSchedule } from '@nines/contracts'
import { ActionIcon, Select, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { zoneOf } from '../model/format-time.ts'
import { timeZones } from '../model/time-zones.ts'
import { WEEKDAYS } from '../model/words.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useMountTime } from '../queries/use-clock.tsx'
import { useRouteForm } from '../queries/use-route-form.ts'
import { FormActions } from './form-parts.tsx'

interface ScheduleFormProps {
  route: typeof createSchedule | typeof updateSchedule
  schedule?: ScheduleDto
  onClose: () => void
}

/** A weekly rotation: who, in which order, when it passes on. */
export function ScheduleForm({ route, schedule, onClose }: ScheduleFormProps) {
  const opened = useMountTime()
  const rotation = schedule?.rotation
  const { form, submit, mutation } = useRouteForm({
    route,
    params: schedule === undefined ? undefined : { id: schedule.id },
    initialValues: {
      name: schedule?.name ?? '',
      timeZone: rotation?.timeZone ?? zoneOf('local'),
      handoffWeekday: String(rotation?.handoffWeekday ?? 1),
      handoffTime: rotation?.handoffTime ?? '09:00',
      startsOn: rotation?.startsOn ?? new Date(opened).toISOString().slice(0, 10),
      participants: rotation?.participants ?? [],
    },
    toBody: ({ name, handoffWeekday, ...rest }) => ({
      name,
      rotation: { ...rest, handoffWeekday: Number(handoffWeekday) },
    }),
    fieldName: (path) => path.replace(/^rotation\./, '').replace(/^participants\..*/, 'participants'),
    onDone: onClose,
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <TextInput label="Name" data-autofocus placeholder="Primary on call" {...form.getInputProps('name')} />
      <div className="form-row">
        <Select
          label="Time zone"
          searchable
          limit={50}
          allowDeselect={false}
          data={timeZones()}
          {...form.getInputProps('timeZone')}
        />
        <Select
          label="Handed over on"
          allowDeselect={false}
          data={WEEKDAYS.map((label, index) => ({ value: String(index + 1), label }))}
          {...form.getInputProps('handoffWeekday')}
        />
        <TextInput label="At" type="time" {...form.getInputProps('handoffTime')} />
      </div>
      <TextInput
        label="The week of this day belongs to the first person"
        type="date"
        {...form.getInputProps('startsOn')}
      />
      <Participants
        value={form.values.participants}
        error={form.errors.participants}
        onChange={(participants) => form.setFieldValue('participants', participants)}
      />
      <FormActions
        submit={schedule === undefined ? 'Add schedule' : 'Save schedule'}
        pending={mutation.isPending}
        error={mutation.error}
        failed="The schedule was not saved."
        onCancel={onClose}
      />
    </form>
  )
}

interface ParticipantsProps {
  value: string[]
  error: React.ReactNode
  onChange: (value: string[]) => void
}

function Participants({ value, error, onChange }: ParticipantsProps) {
  const members = useApiQuery(listMembers, {})
  const names = new Map((members.data?.members ?? []).map(({ user }) => [user.id, user.name]))
  const move = (index: number, by: number) => {
    const next = [...value]
    const [moved] = next.splice(index, 1)
    if (moved !== undefined) next.splice(index + by, 0, moved)
    onChange(next)
  }
  return (
    <fieldset className="fieldset">
      <legend>In turn</legend>
      <ol style={{ margin: '0 0 8px', padding: 0, listStyle: 'none' }}>
        {value.map((id, index) => {
          const name = names.get(id) ?? id
          return (
            <li key={id} style={{ display: 'flex', alignItems: 'center', gap: 4, padding: '3px 0' }}>
              <span className="num muted" style={{ width: 22 }}>
                {index + 1}.
              </span>
              <span style={{ flex: 1 }}>{name}</span>
              <ActionIcon aria-label={`Move ${name} up`} disabled={index === 0} onClick={() => move(index, -1)}>
                <IconArrowUp size={15} />
              </ActionIcon>
              <ActionIcon
                aria-label={`Move ${name} down`}
                disabled={index === value.length - 1}
                onClick={() => move(index, 1)}
              >
                <IconArrowDown size={15} />
              </ActionIcon>
              <ActionIcon aria-label={`Remove ${name}`} onClick={() => onChange(value.filter((other) => other !== id))}>
                <IconX size={15} />
              </ActionIcon>
            </li>
          )
        })}
      </ol>
      <Select
        aria-label="Add a person"
        placeholder="Add a person"
        searchable
        value={null}
        error={error}
        data={[...names].filter(([id]) => !value.includes(id)).map(([id, name]) => ({ value: id, label: name }))}
        onChange={(id) => id !== null && onChange([...value, id])}
      />
    </fieldset>
  )
}
