import type { LabelMatcher } from '@nines/contracts'
import { ActionIcon, Autocomplete, Button, Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { SloFormValues } from '../model/slo-form-values.ts'

interface MatcherRowsProps {
  form: UseFormReturnType<SloFormValues>
  /** Where the conditions stand in the form. */
  path: string
  matchers: readonly LabelMatcher[]
  /** Values that are known of each label. */
  known?: ReadonlyMap<string, readonly string[]>
  legend: string
  /** What is compared. */
  what?: string
}

const OPERATORS = [
  { value: '=', label: 'is' },
  { value: '!=', label: 'is not' },
  { value: '=~', label: 'matches' },
  { value: '!~', label: 'matches not' },
]

/** Conditions on labels or attributes, all of which must hold. */
export function MatcherRows({ form, path, matchers, known, legend, what = 'label' }: MatcherRowsProps) {
  return (
    <>
      {matchers.map((matcher, index) => (
        <div key={form.key(`${path}.${index}`)} className="matcher-row">
          <Autocomplete
            aria-label={`${legend}: ${what} ${index + 1}`}
            placeholder={what}
            data={[...(known?.keys() ?? [])]}
            {...form.getInputProps(`${path}.${index}.label`)}
          />
          <Select
            aria-label={`${legend}: comparison ${index + 1}`}
            data={OPERATORS}
            allowDeselect={false}
            {...form.getInputProps(`${path}.${index}.op`)}
          />
          <Autocomplete
            aria-label={`${legend}: value ${index + 1}`}
            placeholder={matcher.op === '=~' || matcher.op === '!~' ? '5..' : 'value'}
            data={[...(known?.get(matcher.label) ?? [])]}
            {...form.getInputProps(`${path}.${index}.value`)}
          />
          <ActionIcon
            size="lg"
            aria-label={`${legend}: remove condition ${index + 1}`}
            onClick={() => form.removeListItem(path, index)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <Button
        mt={10}
        variant="default"
        leftSection={<IconPlus size={14} />}
        aria-label={`${legend}: add condition`}
        onClick={() => form.insertListItem(path, { label: '', op: '=', value: '' })}
      >
        Add condition
      </Button>
    </>
  )
}
