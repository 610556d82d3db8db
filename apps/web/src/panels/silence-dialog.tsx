import { createSilence, listServices, listSloNames } from '@nines/contracts'
import { Modal, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { fromInputValue, toInputValue, zoneLabel } from '../model/format-time.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useClock, useMountTime } from '../queries/use-clock.tsx'
import { useRouteForm } from '../queries/use-route-form.ts'
import { FormActions, MOST_OPTIONS } from './form-parts.tsx'

const LENGTHS = [
  { value: '30', label: '30 min' },
  { value: '60', label: '1 h' },
  { value: '240', label: '4 h' },
  { value: '1440', label: '24 h' },
  { value: 'until', label: 'Until…' },
]

interface SilenceDialogProps {
  opened: boolean
  onClose: () => void
  /** What is silenced to start with. */
  sloId?: string
  serviceId?: string
}

/** Stops pages of a service or SLO for a while. Evaluation goes on and alerts still resolve. */
export function SilenceDialog({ opened, onClose, ...scope }: SilenceDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Silence pages">
      {opened && <SilenceForm {...scope} onClose={onClose} />}
    </Modal>
  )
}

function SilenceForm({ sloId, serviceId, onClose }: Omit<SilenceDialogProps, 'opened'>) {
  const clock = useClock()
  const opened = useMountTime()
  const services = useApiQuery(listServices, {})
  const slos = useApiQuery(listSloNames, {})
  const { form, submit, mutation } = useRouteForm({
    route: createSilence,
    initialValues: {
      scope: sloId !== undefined ? `slo ${sloId}` : serviceId !== undefined ? `service ${serviceId}` : '',
      length: '60',
      until: toInputValue(opened + 3_600_000, clock.zone),
      comment: '',
    },
    toBody: (values) => {
      const [kind, id] = values.scope.split(' ')
      const end = values.length === 'until' ? fromInputValue(values.until, clock.zone) : minutesFromNow(values.length)
      return {
        serviceId: kind === 'service' ? (id ?? null) : null,
        sloId: kind === 'slo' ? (id ?? null) : null,
        endsAt: end === null ? '' : new Date(end).toISOString(),
        comment: values.comment,
      }
    },
    fieldName: (path) => ({ endsAt: 'until', serviceId: 'scope', sloId: 'scope' })[path] ?? path,
    onDone: onClose,
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <Select
        label="What"
        description="Alerts still open and resolve; only pages are held back."
        searchable
        limit={MOST_OPTIONS}
        data={[
          { group: 'SLO', items: (slos.data?.items ?? []).map((s) => ({ value: `slo ${s.id}`, label: s.name })) },
          {
            group: 'All of a service',
            items: (services.data?.items ?? []).map((s) => ({ value: `service ${s.id}`, label: s.name })),
          },
        ]}
        {...form.getInputProps('scope')}
        value={form.values.scope === '' ? null : form.values.scope}
        onChange={(value) => form.setFieldValue('scope', value ?? '')}
      />
      <SegmentedControl aria-label="For how long" data={LENGTHS} {...form.getInputProps('length')} />
      {form.values.length === 'until' && (
        <TextInput
          type="datetime-local"
          label={`Until (${zoneLabel(opened, clock.zone)})`}
          {...form.getInputProps('until')}
        />
      )}
      <Textarea
        label="Why"
        placeholder="Planned failover of the database"
        autosize
        minRows={2}
        {...form.getInputProps('comment')}
      />
      <FormActions
        submit="Silence"
        pending={mutation.isPending}
        error={mutation.error}
        failed="The silence was not created."
        onCancel={onClose}
      />
    </form>
  )
}

function minutesFromNow(minutes: string): number {
  return Date.now() + Number(minutes) * 60_000
}
