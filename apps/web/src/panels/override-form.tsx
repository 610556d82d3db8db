import { createOverride, listMembers, type ScheduleDto } from '@nines/contracts'
import { Select, TextInput } from '@mantine/core'
import { fromInputValue, toInputValue, zoneLabel } from '../model/format-time.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useClock, useMountTime } from '../queries/use-clock.tsx'
import { useRouteForm } from '../queries/use-route-form.ts'
import { useWorkspace } from '../queries/workspace.tsx'
import { FormActions } from './form-parts.tsx'

/** Lets somebody have the watch for a while, whoever's turn it is. */
export function OverrideForm({ schedule, onClose }: { schedule: ScheduleDto; onClose: () => void }) {
  const clock = useClock()
  const opened = useMountTime()
  const { user } = useWorkspace()
  const members = useApiQuery(listMembers, {})
  const instant = (value: string) => {
    const at = fromInputValue(value, clock.zone)
    return at === null ? '' : new Date(at).toISOString()
  }
  const { form, submit, mutation } = useRouteForm({
    route: createOverride,
    params: { id: schedule.id },
    initialValues: {
      userId: user.id,
      startsAt: toInputValue(opened, clock.zone),
      endsAt: toInputValue(opened + 8 * 3_600_000, clock.zone),
    },
    toBody: (values) => ({ userId: values.userId, startsAt: instant(values.startsAt), endsAt: instant(values.endsAt) }),
    onDone: onClose,
  })
  const zone = zoneLabel(opened, clock.zone)
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <Select
        label="Who takes over"
        searchable
        allowDeselect={false}
        data={(members.data?.members ?? []).map((member) => ({ value: member.user.id, label: member.user.name }))}
        {...form.getInputProps('userId')}
      />
      <div className="form-row">
        <TextInput label={`From (${zone})`} type="datetime-local" {...form.getInputProps('startsAt')} />
        <TextInput label={`To (${zone})`} type="datetime-local" {...form.getInputProps('endsAt')} />
      </div>
      <FormActions
        submit="Take over"
        pending={mutation.isPending}
        error={mutation.error}
        failed="The override was not made."
        onCancel={onClose}
      />
    </form>
  )
}
