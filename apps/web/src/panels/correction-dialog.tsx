import { createCorrection, type SloDetail } from '@nines/contracts'
import { Checkbox, Modal, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { correctionBody, REPEATS, type CorrectionFormValues } from '../model/correction-form.ts'
import { toInputValue } from '../model/format-time.ts'
import { timeZones } from '../model/time-zones.ts'
import { useClock, useMountTime } from '../queries/use-clock.tsx'
import { useRouteForm } from '../queries/use-route-form.ts'
import { FormActions } from './form-parts.tsx'

const EFFECTS = [
  { value: 'exclude', label: 'Exclude' },
  { value: 'good', label: 'Count as good' },
  { value: 'count', label: 'Maintenance' },
]
const EFFECT_TEXT: Record<CorrectionFormValues['effect'], string> = {
  exclude: 'The minutes are neither good nor bad: they leave SLI, burn, history and budget.',
  good: 'Bad events of the minutes count as good, everywhere.',
  count: 'The minutes count as measured; the ledger says that maintenance spent the budget.',
}
const HOUR_MS = 3_600_000

interface CorrectionDialogProps {
  slo: SloDetail
  opened: boolean
  onClose: () => void
}

/** Adds a correction of an SLO, past or coming. */
export function CorrectionDialog({ slo, opened, onClose }: CorrectionDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Correct the figures">
      {opened && <CorrectionForm slo={slo} onClose={onClose} />}
    </Modal>
  )
}

function CorrectionForm({ slo, onClose }: Omit<CorrectionDialogProps, 'opened'>) {
  const clock = useClock()
  const opened = useMountTime()
  const initialValues: CorrectionFormValues = {
    scope: 'slo',
    effect: 'exclude',
    from: toInputValue(opened - HOUR_MS, clock.zone),
    to: toInputValue(opened, clock.zone),
    timeZone: clock.zone,
    repeat: 'never',
    rrule: '',
    outside: false,
    reason: '',
  }
  const { form, submit, mutation } = useRouteForm({
    route: createCorrection,
    initialValues,
    toBody: (values) => correctionBody(values, { id: slo.id, serviceId: slo.service.id }),
    fieldName: (path) => ({ startsAt: 'from', endsAt: 'to', sloId: 'scope', serviceId: 'scope' })[path] ?? path,
    onDone: onClose,
  })
  const { effect, repeat } = form.values
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <div>
        <SegmentedControl aria-label="What it does" fullWidth data={EFFECTS} {...form.getInputProps('effect')} />
        <p className="hint" style={{ marginTop: 6 }} aria-live="polite">
          {EFFECT_TEXT[effect]}
        </p>
      </div>
      <TextInput type="datetime-local" label="From" {...form.getInputProps('from')} />
      <TextInput type="datetime-local" label="To" {...form.getInputProps('to')} />
      <Select
        label="Time zone"
        data={timeZones()}
        searchable
        allowDeselect={false}
        {...form.getInputProps('timeZone')}
      />
      <Select label="Repeats" data={REPEATS} allowDeselect={false} {...form.getInputProps('repeat')} />
      {repeat === 'custom' && (
        <TextInput
          label="RRULE"
          description="As in iCalendar (RFC 5545), of the start"
          placeholder="FREQ=MONTHLY;BYDAY=1SU"
          {...form.getInputProps('rrule')}
        />
      )}
      {repeat !== 'never' && effect !== 'count' && (
        <Checkbox
          label="Applies outside of these times"
          description="For business hours: everything else, from the first start on"
          {...form.getInputProps('outside', { type: 'checkbox' })}
        />
      )}
      <Select
        label="For"
        allowDeselect={false}
        data={[
          { value: 'slo', label: 'This SLO' },
          { value: 'service', label: `All SLOs of ${slo.service.name}` },
        ]}
        {...form.getInputProps('scope')}
      />
      <Textarea label="Why" placeholder="Load test" autosize minRows={2} {...form.getInputProps('reason')} />
      <FormActions
        submit="Correct"
        pending={mutation.isPending}
        error={mutation.error}
        failed="The correction was not saved."
        onCancel={onClose}
      />
    </form>
  )
}
