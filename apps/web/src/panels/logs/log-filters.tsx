import { Select, TagsInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { SEVERITIES, SEVERITY_LOOKS, type LogSeverity } from '../../model/log-severity.ts'
import type { LogsSearch } from '../../model/logs-search.ts'
import { useLabelValues } from '../../queries/use-label-values.ts'
import { AttributeFilters, attributeChips, FilterChips } from '../attribute-filters.tsx'
import { CommitInput } from '../commit-input.tsx'

interface LogFiltersProps {
  search: LogsSearch
  /** Services of the records on screen, offered besides those that send metrics or spans. */
  seenServices: readonly string[]
  onChange: (changed: Partial<LogsSearch>) => void
}

export const LOG_SEARCH_ID = 'log-search'

const SEVERITY_OPTIONS = SEVERITIES.map((severity) => ({
  value: severity,
  label:
    severity === 'unset'
      ? 'Any severity'
      : `${SEVERITY_LOOKS[severity].label}${severity === 'fatal' ? '' : ' and worse'}`,
}))

/** What narrows a search for log records. */
export function LogFilters({ search, seenServices, onChange }: LogFiltersProps) {
  const known = useLabelValues('service.name')
  const services = [...new Set([...known, ...seenServices])].filter((name) => name !== '').sort()
  const attributes = search.attr ?? []
  const setAttributes = (attr: string[]) => onChange({ attr: attr.length === 0 ? undefined : attr })
  const chips = attributeChips(attributes, setAttributes)
  if (search.trace) chips.push({ text: `trace = ${search.trace}`, remove: () => onChange({ trace: undefined }) })
  return (
    <search className="panel filters" aria-label="Filter log records">
      <div className="filter-fields">
        <CommitInput
          id={LOG_SEARCH_ID}
          className="filter-wide"
          label="Text"
          placeholder='timeout "card processor" -retry'
          description="Words and “phrases”; a minus excludes"
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          leftSection={<IconSearch size={15} aria-hidden />}
          value={search.q ?? ''}
          onCommit={(q) => onChange({ q: q === '' ? undefined : q })}
        />
        <TagsInput
          label="Services"
          placeholder={(search.service ?? []).length === 0 ? 'All' : undefined}
          data={services}
          value={search.service ?? []}
          onChange={(service) => onChange({ service: service.length === 0 ? undefined : service })}
          clearable
          styles={{ inputField: { minWidth: 30 } }}
        />
        <Select
          label="Severity"
          data={SEVERITY_OPTIONS}
          allowDeselect={false}
          value={search.severity ?? 'unset'}
          onChange={(value) => onChange({ severity: value === 'unset' ? undefined : (value as LogSeverity) })}
        />
        <AttributeFilters value={attributes} onChange={setAttributes} />
      </div>
      <FilterChips chips={chips} />
    </search>
  )
}
