import { listLabels, listMetrics, type SeriesKind } from '@nines/contracts'
import { Autocomplete } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import type { SelectorValues } from '../model/sli-form.ts'
import { useApiQuery } from '../queries/use-api.ts'
import type { SloFormValues } from '../model/slo-form-values.ts'
import { MatcherRows } from './matcher-rows.tsx'

interface SelectorFieldProps {
  form: UseFormReturnType<SloFormValues>
  field: 'part' | 'total' | 'histogram' | 'gauge'
  legend: string
  /** Which metrics to offer. */
  kinds: readonly SeriesKind[]
}

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
      <MatcherRows form={form} path={`${path}.matchers`} matchers={selector.matchers} known={ofLabel} legend={legend} />
    </fieldset>
  )
}
