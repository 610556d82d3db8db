import { addTimelineEntry } from '@nines/contracts'
import { SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { fromInputValue, zoneLabel } from '../model/format-time.ts'
import { useClock, useMountTime } from '../queries/use-clock.tsx'
import { useRouteForm } from '../queries/use-route-form.ts'
import { FormActions } from './form-parts.tsx'
import { Panel } from './panel.tsx'

/** Adds a note or a mitigation to an incident, now or at a past time. */
export function TimelineForm({ incidentId }: { incidentId: string }) {
  const clock = useClock()
  const opened = useMountTime()
  const { form, submit, mutation } = useRouteForm({
    route: addTimelineEntry,
    params: { id: incidentId },
    initialValues: { kind: 'note', summary: '', at: '' },
    toBody: (values) => {
      const at = values.at === '' ? null : fromInputValue(values.at, clock.zone)
      return {
        kind: values.kind === 'mitigation' ? ('mitigation' as const) : ('note' as const),
        summary: values.summary,
        at: at === null ? undefined : new Date(at).toISOString(),
      }
    },
    onDone: () => form.reset(),
  })
  return (
    <Panel>
      <form className="form-grid" noValidate onSubmit={submit} aria-label="Add to the timeline">
        <Textarea
          aria-label="What happened"
          placeholder="What did you see or do?"
          autosize
          minRows={2}
          {...form.getInputProps('summary')}
        />
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 12, alignItems: 'end' }}>
          <SegmentedControl
            aria-label="Kind of entry"
            data={[
              { value: 'note', label: 'Note' },
              { value: 'mitigation', label: 'Mitigation' },
            ]}
            {...form.getInputProps('kind')}
          />
          <TextInput
            size="xs"
            type="datetime-local"
            label={`When (${zoneLabel(opened, clock.zone)}), empty for now`}
            {...form.getInputProps('at')}
          />
          <FormActions
            submit="Add to timeline"
            pending={mutation.isPending}
            error={mutation.error}
            failed="Not added."
          />
        </div>
      </form>
    </Panel>
  )
}
