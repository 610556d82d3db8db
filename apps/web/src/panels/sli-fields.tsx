import { listChecks } from '@nines/contracts'
import { NumberInput, SegmentedControl, Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Counting } from '../model/sli-form.ts'
import type { SloFormValues } from '../model/slo-form-values.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { CompositeFields } from './composite-fields.tsx'
import { LogsFields, SpansFields } from './event-sli-fields.tsx'
import { SelectorField } from './selector-field.tsx'

type Form = UseFormReturnType<SloFormValues>

const KINDS = [
  { value: 'ratio', label: 'Good events of all' },
  { value: 'latency', label: 'Fast enough' },
  { value: 'gauge', label: 'Level within bounds' },
  { value: 'spans', label: 'Good spans of all' },
  { value: 'logs', label: 'Good log records of all' },
  { value: 'availability', label: 'Check passes' },
  { value: 'composite', label: 'Composite: other SLOs together' },
]

/** What an SLI measures: its kind, and the fields of that kind. `sloId` is the SLO that is being changed. */
export function SliFields({ form, sloId }: { form: Form; sloId: string | undefined }) {
  const { kind } = form.values.sli
  return (
    <>
      <div>
        <h2 style={{ margin: '10px 0 8px' }}>What is measured</h2>
        <Select aria-label="Kind of SLI" data={KINDS} allowDeselect={false} {...form.getInputProps('sli.kind')} />
      </div>
      {kind === 'ratio' && <RatioFields form={form} />}
      {kind === 'latency' && <LatencyFields form={form} />}
      {kind === 'gauge' && <GaugeFields form={form} />}
      {kind === 'spans' && <SpansFields form={form} />}
      {kind === 'logs' && <LogsFields form={form} />}
      {kind === 'availability' && <CheckFields form={form} />}
      {kind === 'composite' ? <CompositeFields form={form} sloId={sloId} /> : <CountingFields form={form} />}
    </>
  )
}

function RatioFields({ form }: { form: Form }) {
  return (
    <>
      <SelectorField form={form} field="total" kinds={['sum', 'histogram']} legend="All events" />
      <SegmentedControl
        aria-label="The other metric counts"
        data={[
          { value: 'good', label: 'I count the good ones' },
          { value: 'bad', label: 'I count the bad ones' },
        ]}
        {...form.getInputProps('sli.partIs')}
      />
      <SelectorField
        form={form}
        field="part"
        kinds={['sum', 'histogram']}
        legend={form.values.sli.partIs === 'good' ? 'Good events' : 'Bad events'}
      />
    </>
  )
}

function LatencyFields({ form }: { form: Form }) {
  return (
    <>
      <SelectorField
        form={form}
        field="histogram"
        kinds={['histogram', 'exponential_histogram']}
        legend="Durations or sizes"
      />
      <NumberInput
        label="Good is at most"
        description="In the unit of the histogram. A bucket boundary gives exact counts; inside a bucket, all of it counts as not good."
        min={0}
        {...form.getInputProps('sli.threshold')}
      />
    </>
  )
}

const COMPARISONS = [
  { value: '<=', label: 'at most' },
  { value: '<', label: 'below' },
  { value: '>=', label: 'at least' },
  { value: '>', label: 'above' },
]

function GaugeFields({ form }: { form: Form }) {
  return (
    <>
      <SelectorField form={form} field="gauge" kinds={['gauge', 'sum']} legend="Level" />
      <div className="form-row">
        <Select label="Good is" data={COMPARISONS} allowDeselect={false} {...form.getInputProps('sli.op')} />
        <NumberInput
          label="Threshold"
          description="In the unit of the metric. Each sample of each series is one event."
          {...form.getInputProps('sli.threshold')}
        />
      </div>
    </>
  )
}

const COUNTINGS = [
  { value: 'events', label: 'Events' },
  { value: 'time_slices', label: 'Good slices of time' },
  { value: 'ratio_time_slices', label: 'Mean of slices' },
]
const COUNTING_HINTS: Record<Counting, string> = {
  events: 'Every event weighs the same: busy hours decide.',
  time_slices: 'A slice is good when enough of its events are: each stretch of time weighs the same.',
  ratio_time_slices: 'The ratios of all slices are averaged: each stretch of time weighs the same.',
}

function CountingFields({ form }: { form: Form }) {
  const { counting } = form.values.sli
  return (
    <div>
      <div className="field-label" id="sli-counting">
        What is counted
      </div>
      <SegmentedControl aria-labelledby="sli-counting" data={COUNTINGS} {...form.getInputProps('sli.counting')} />
      <p className="hint" style={{ margin: '6px 0 0' }}>
        {COUNTING_HINTS[counting]}
      </p>
      {counting !== 'events' && (
        <div className="form-row" style={{ marginTop: 10 }}>
          <NumberInput
            label="A slice is"
            suffix=" min"
            min={1}
            max={5}
            allowDecimal={false}
            {...form.getInputProps('sli.sliceMinutes')}
          />
          {counting === 'time_slices' && (
            <NumberInput
              label="Good from"
              suffix=" %"
              min={0}
              max={100}
              decimalScale={6}
              {...form.getInputProps('sli.sliceTargetPercent')}
            />
          )}
        </div>
      )}
    </div>
  )
}

function CheckFields({ form }: { form: Form }) {
  const { checkId } = form.values.sli
  const checks = useApiQuery(listChecks, {})
  return (
    <Select
      label="Check"
      searchable
      nothingFoundMessage="No check yet: create one under Checks"
      data={(checks.data?.items ?? []).map((check) => ({ value: check.id, label: check.name }))}
      error={form.errors['sli.checkId']}
      value={checkId === '' ? null : checkId}
      onChange={(value) => form.setFieldValue('sli.checkId', value ?? '')}
    />
  )
}
