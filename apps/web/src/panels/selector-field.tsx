import { listLabels, listMetrics, type SeriesKind } from '@nines/contracts'
import { ActionIcon, Autocomplete, Button, Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { SelectorValues } from '../model/sli-form.ts'
import { useApiQuery } from '../queries/use-api.ts'
import type { SloFormValues } from '../model/slo-form-values.ts'

interface SelectorFieldProps {
  form: UseFormReturnType<SloFormValues>
  field: 'part' | 'total' | 'histogram' | 'gauge'
  legend: string
  /** Which metrics to offer. */
  kinds: readonly SeriesKind[]
}

const OPERATORS = [
  { value: '=', label: 'is' },
  { value: '!=', label: 'is not' },
  { value: '=~', label: 'matches' },
  { value: '!~', label: 'matches not' },
]

/** Chooses series: a metric and conditions on its labels, completed from what has arrived lately. */
export function SelectorField({ form, field, legend, kinds }: SelectorFieldProps) {
  const path = `sli.${field}`
  const selector: SelectorValues = form.values.sli[field]
  const [search] = useDebouncedValue(selector.metric, 200)
  const metrics = useApiQuery(listMetrics, { query: { search } }, { keepPrevious: true })
  const labels = useApiQuery(listLabels, { query: { metric: search } }, { enabled: search !== '', keepPrevious: true })
  const items = metrics.data?.items ?? []
  const known = items.find((item) => item.metric === selector.metric)
  const ofLabel = new Map((labels.data?.items ?? []).map((item) => [item.label, item.values]))
  return (
    <fieldset className="fieldset">
      <legend>{legend}</legend>
      <Autocomplete
        label="Metric"
        aria-label={`${legend}: metric`}
        placeholder="http.server.request.count"
        description={
          known === undefined
            ? undefined
            : [`${known.series} series`, known.unit, known.description].filter(Boolean).join(' · ')
        }
        data={[...new Set(items.filter((item) => kinds.includes(item.kind)).map((item) => item.metric))]}
        {...form.getInputProps(`${path}.metric`)}
      />
      {selector.matchers.map((matcher, index) => (
        <div key={form.key(`${path}.matchers.${index}`)} className="matcher-row">
          <Autocomplete
            aria-label={`${legend}: label ${index + 1}`}
            placeholder="label"
            data={[...ofLabel.keys()]}
            {...form.getInputProps(`${path}.matchers.${index}.label`)}
          />
          <Select
            aria-label={`${legend}: comparison ${index + 1}`}
            data={OPERATORS}
            allowDeselect={false}
            {...form.getInputProps(`${path}.matchers.${index}.op`)}
          />
          <Autocomplete
            aria-label={`${legend}: value ${index + 1}`}
            placeholder={matcher.op === '=~' || matcher.op === '!~' ? '5..' : 'value'}
            data={ofLabel.get(matcher.label) ?? []}
            {...form.getInputProps(`${path}.matchers.${index}.value`)}
          />
          <ActionIcon
            size="lg"
            aria-label={`${legend}: remove condition ${index + 1}`}
            onClick={() => form.removeListItem(`${path}.matchers`, index)}
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
        onClick={() => form.insertListItem(`${path}.matchers`, { label: '', op: '=', value: '' })}
      >
        Add condition
      </Button>
    </fieldset>
  )
}
