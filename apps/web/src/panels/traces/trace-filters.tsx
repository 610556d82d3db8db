import { SegmentedControl } from '@mantine/core'
import type { TracesSearch } from '../../model/traces-search.ts'
import { parseDuration } from '../../model/parse-duration.ts'
import { SPAN_CALLS_METRIC, useLabelValues } from '../../queries/use-label-values.ts'
import { AttributeFilters, attributeChips, FilterChips } from '../attribute-filters.tsx'
import { CommitInput } from '../commit-input.tsx'

interface TraceFiltersProps {
  search: TracesSearch
  onChange: (changed: Partial<TracesSearch>) => void
}

const STATUSES = [
  { value: 'any', label: 'Any' },
  { value: 'error', label: 'Errors' },
  { value: 'ok', label: 'No error' },
]

/** What one span of a wanted trace must be like. */
export function TraceFilters({ search, onChange }: TraceFiltersProps) {
  const services = useLabelValues('service.name', SPAN_CALLS_METRIC)
  const operations = useLabelValues('span.name', SPAN_CALLS_METRIC)
  const attributes = search.attr ?? []
  const setAttributes = (attr: string[]) => onChange({ attr: attr.length === 0 ? undefined : attr })
  const field = (key: 'service' | 'operation' | 'min' | 'max') => ({
    value: search[key] ?? '',
    onCommit: (value: string) => onChange({ [key]: value === '' ? undefined : value }),
  })
  return (
    <search className="panel filters" aria-label="Filter traces">
      <div className="filter-fields">
        <CommitInput label="Service" placeholder="Any" data={services} limit={50} {...field('service')} />
        <CommitInput label="Operation" placeholder="Any" data={operations} limit={50} {...field('operation')} />
        <div>
          <div className="field-label" id="trace-status">
            Status
          </div>
          <SegmentedControl
            fullWidth
            aria-labelledby="trace-status"
            data={STATUSES}
            value={search.status ?? 'any'}
            onChange={(status) => onChange({ status: status === 'error' || status === 'ok' ? status : undefined })}
          />
        </div>
        <div className="duration-fields">
          <CommitInput label="At least" placeholder="250 ms" error={durationError(search.min)} {...field('min')} />
          <CommitInput label="At most" placeholder="2 s" error={durationError(search.max)} {...field('max')} />
        </div>
        <AttributeFilters value={attributes} onChange={setAttributes} />
      </div>
      <FilterChips chips={attributeChips(attributes, setAttributes)} />
    </search>
  )
}

function durationError(text: string | undefined): string | undefined {
  return text !== undefined && parseDuration(text, 'ms') === null ? 'Such as 250 ms' : undefined
}
