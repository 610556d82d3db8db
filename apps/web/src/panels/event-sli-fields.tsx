import { SPAN_KINDS } from '@nines/contracts'
import { Autocomplete, Checkbox, MultiSelect, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { ConditionValues } from '../model/event-sli-form.ts'
import { lowestNumber, SEVERITIES, SEVERITY_LOOKS } from '../model/log-severity.ts'
import type { SloFormValues } from '../model/slo-form-values.ts'
import { SPAN_CALLS_METRIC, useLabelValues } from '../queries/use-label-values.ts'
import { MatcherRows } from './matcher-rows.tsx'

type Form = UseFormReturnType<SloFormValues>

const KIND_OPTIONS = SPAN_KINDS.map((kind) => ({ value: kind, label: kind }))

/** Which spans count, and which of them are good. */
export function SpansFields({ form }: { form: Form }) {
  const services = useLabelValues('service.name', SPAN_CALLS_METRIC)
  const operations = useLabelValues('span.name', SPAN_CALLS_METRIC)
  const { spans } = form.values.sli
  return (
    <>
      <fieldset className="fieldset">
        <legend>Spans</legend>
        <div className="form-row">
          <Autocomplete
            label="Service of the spans"
            placeholder="checkout"
            limit={50}
            data={services}
            {...form.getInputProps('sli.spans.service')}
          />
          <Autocomplete
            label="Operation"
            placeholder="Any"
            limit={50}
            data={operations}
            {...form.getInputProps('sli.spans.operation')}
          />
        </div>
        <MultiSelect
          mt={10}
          label="Kinds"
          description="What a service is asked for are its server and consumer spans"
          data={KIND_OPTIONS}
          {...form.getInputProps('sli.spans.spanKinds')}
        />
        <MatcherRows
          form={form}
          path="sli.spans.attributes"
          matchers={spans.attributes}
          legend="Spans"
          what="attribute"
        />
      </fieldset>
      <fieldset className="fieldset">
        <legend>Good spans</legend>
        <div className="form-row">
          <Checkbox
            style={{ alignSelf: 'end', paddingBottom: 8 }}
            label="End without an error"
            {...form.getInputProps('sli.spans.good.withoutError', { type: 'checkbox' })}
          />
          <NumberInput
            label="Take at most"
            placeholder="Any time"
            suffix=" ms"
            min={0}
            {...form.getInputProps('sli.spans.good.maxDurationMs')}
          />
        </div>
      </fieldset>
    </>
  )
}

/** Which log records count, and which of them are good or bad. */
export function LogsFields({ form }: { form: Form }) {
  const services = useLabelValues('service.name')
  const { total, part, partIs } = form.values.sli.logs
  return (
    <>
      <fieldset className="fieldset">
        <legend>All records</legend>
        <Autocomplete
          label="Service of the records"
          placeholder="Any"
          limit={50}
          data={services}
          {...form.getInputProps('sli.logs.total.service')}
        />
        <RecordFields form={form} path="sli.logs.total" condition={total} legend="All records" />
      </fieldset>
      <SegmentedControl
        aria-label="The other condition counts"
        data={[
          { value: 'good', label: 'I count the good ones' },
          { value: 'bad', label: 'I count the bad ones' },
        ]}
        {...form.getInputProps('sli.logs.partIs')}
      />
      <fieldset className="fieldset">
        <legend>{partIs === 'good' ? 'Good records' : 'Bad records'}</legend>
        <RecordFields
          form={form}
          path="sli.logs.part"
          condition={part}
          legend={partIs === 'good' ? 'Good records' : 'Bad records'}
        />
      </fieldset>
    </>
  )
}

const SEVERITY_OPTIONS = SEVERITIES.map((severity) => ({
  value: String(lowestNumber(severity)),
  label: severity === 'unset' ? 'Any' : `${SEVERITY_LOOKS[severity].label}${severity === 'fatal' ? '' : ' and worse'}`,
}))
const BODY_OPTIONS = [
  { value: 'contains', label: 'contains' },
  { value: '=~', label: 'matches' },
]

function RecordFields(props: { form: Form; path: string; condition: ConditionValues; legend: string }) {
  const { form, path, condition, legend } = props
  return (
    <>
      <div className="form-row" style={{ marginTop: 10 }}>
        <Select
          label="Severity"
          data={withOwn(condition.minSeverity)}
          allowDeselect={false}
          {...form.getInputProps(`${path}.minSeverity`)}
        />
        <Select label="Body" data={BODY_OPTIONS} allowDeselect={false} {...form.getInputProps(`${path}.body.op`)} />
        <TextInput
          label={condition.body.op === 'contains' ? 'This text' : 'This expression'}
          placeholder="Any"
          error={form.errors[`${path}.body`]}
          {...form.getInputProps(`${path}.body.value`)}
        />
      </div>
      <MatcherRows
        form={form}
        path={`${path}.attributes`}
        matchers={condition.attributes}
        legend={legend}
        what="attribute"
      />
    </>
  )
}

/** A number between those of the list, set by API, stays what it is. */
function withOwn(minSeverity: string): { value: string; label: string }[] {
  if (SEVERITY_OPTIONS.some(({ value }) => value === minSeverity)) return SEVERITY_OPTIONS
  return [...SEVERITY_OPTIONS, { value: minSeverity, label: `Number ${minSeverity} and worse` }]
}
