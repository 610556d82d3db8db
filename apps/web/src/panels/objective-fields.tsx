import { ActionIcon, Button, NumberInput, SegmentedControl, Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { describeAllowedDowntime, describeAllowedEvents } from '../model/allowed-downtime.ts'
import { objectiveToValues, valuesToObjective, type ObjectiveValues } from '../model/objective-values.ts'
import type { SloFormValues } from '../model/slo-form-values.ts'
import { timeZones } from '../model/time-zones.ts'

type Form = UseFormReturnType<SloFormValues>

const WINDOWS = [
  { value: 'rolling', label: 'The last days' },
  { value: 'calendar', label: 'By calendar' },
]
const UNITS = ['day', 'week', 'month', 'quarter', 'year'].map((unit) => ({ value: unit, label: `Each ${unit}` }))

/** Targets and windows: the first, which alert rules watch, and more of the same SLI. */
export function ObjectivesFields({ form }: { form: Form }) {
  const further = form.values.furtherObjectives
  return (
    <div className="stack">
      <div>
        <h2 style={{ margin: '10px 0 8px' }}>How good is good enough</h2>
        <ObjectiveFields form={form} path="objective" values={form.values.objective} />
      </div>
      {further.map((values, i) => (
        <fieldset key={values.key} className="fieldset" aria-label={`Further objective ${i + 1}`}>
          <div className="row-between">
            <span className="muted">Further objective</span>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove further objective ${i + 1}`}
              onClick={() => form.removeListItem('furtherObjectives', i)}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </div>
          <ObjectiveFields form={form} path={`furtherObjectives.${i}`} values={values} />
        </fieldset>
      ))}
      {further.length < 7 && (
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={13} />}
            onClick={() => form.insertListItem('furtherObjectives', objectiveToValues(undefined))}
          >
            Add an objective
          </Button>
          <span className="hint" style={{ marginLeft: 10 }}>
            Another target or window for the same SLI. Alert rules watch the first.
          </span>
        </div>
      )}
    </div>
  )
}

function ObjectiveFields({ form, path, values }: { form: Form; path: string; values: ObjectiveValues }) {
  const objective = valuesToObjective(values)
  const isValid = objective.target > 0 && objective.target < 1
  return (
    <>
      <div className="form-row">
        <NumberInput
          label="Target"
          suffix=" %"
          min={0}
          max={100}
          step={0.1}
          decimalScale={6}
          {...form.getInputProps(`${path}.targetPercent`)}
        />
        <div>
          <div className="field-label" id={`${path}-window`}>
            Window
          </div>
          <SegmentedControl
            fullWidth
            aria-labelledby={`${path}-window`}
            data={WINDOWS}
            {...form.getInputProps(`${path}.windowKind`)}
          />
        </div>
      </div>
      <div className="form-row" style={{ marginTop: 10 }}>
        {values.windowKind === 'rolling' ? (
          <NumberInput
            label="Days"
            suffix=" days"
            min={1}
            max={366}
            allowDecimal={false}
            {...form.getInputProps(`${path}.days`)}
          />
        ) : (
          <>
            <Select label="Period" data={UNITS} allowDeselect={false} {...form.getInputProps(`${path}.unit`)} />
            <Select
              label="Time zone"
              data={timeZones()}
              searchable
              allowDeselect={false}
              {...form.getInputProps(`${path}.zone`)}
            />
          </>
        )}
      </div>
      <p className="hint" style={{ marginTop: 8 }} aria-live="polite">
        Allows {describeAllowedDowntime(objective)}
        {isValid && `, or ${describeAllowedEvents(objective.target)}`}.
      </p>
    </>
  )
}
