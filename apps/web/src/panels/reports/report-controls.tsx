import { calendarUnit, listServices, listTeams, type SloReport } from '@nines/contracts'
import { ActionIcon, SegmentedControl, Select, TextInput } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { fromInputValue, toInputValue } from '../../model/format-time.ts'
import { isCustom, neighbour, type ReportSearch } from '../../model/report-search.ts'
import { timeZones } from '../../model/time-zones.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { Panel } from '../panel.tsx'

interface ReportControlsProps {
  search: ReportSearch
  /** The report on screen; its period is where another one begins. */
  report: SloReport | undefined
  onChange: (changed: Partial<ReportSearch>) => void
}

const NO_TIME = { period: undefined, date: undefined, from: undefined, to: undefined }
const UNITS = [
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
  { value: 'quarter', label: 'Quarter' },
  { value: 'year', label: 'Year' },
  { value: 'custom', label: 'Custom' },
]

/** Which time, of whom, and what was known when. */
export function ReportControls({ search, report, onChange }: ReportControlsProps) {
  const teams = useApiQuery(listTeams, {})
  const services = useApiQuery(listServices, {})
  return (
    <Panel className="filters report-controls">
      <PeriodFields search={search} report={report} onChange={onChange} />
      <div className="filter-fields">
        <Select
          label="Time zone"
          data={timeZones()}
          searchable
          allowDeselect={false}
          value={search.zone ?? 'UTC'}
          onChange={(zone) => onChange({ zone: zone ?? undefined })}
        />
        <Select
          label="Team"
          placeholder="All teams"
          clearable
          searchable
          value={search.team ?? null}
          onChange={(team) => onChange({ team: team ?? undefined })}
          data={[
            ...(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            { value: 'none', label: 'No team' },
          ]}
        />
        <Select
          label="Service"
          placeholder="All services"
          clearable
          searchable
          value={search.service ?? null}
          onChange={(service) => onChange({ service: service ?? undefined })}
          data={(services.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
        <MomentField
          label="As known at (empty: now)"
          size="sm"
          zone={search.zone ?? 'UTC'}
          value={search.asOf}
          onChange={(asOf) => onChange({ asOf })}
        />
      </div>
    </Panel>
  )
}

function PeriodFields({ search, report, onChange }: ReportControlsProps) {
  const custom = isCustom(search)
  const zone = search.zone ?? 'UTC'
  const move = (direction: 'before' | 'after') => {
    if (report) onChange({ ...NO_TIME, ...neighbour(report, direction) })
  }
  const choose = (unit: string) => {
    if (unit !== 'custom') onChange({ ...NO_TIME, period: calendarUnit.parse(unit), date: search.date })
    else if (report) onChange({ ...NO_TIME, ...boundsOf(report) })
  }
  return (
    <div className="report-period">
      <SegmentedControl
        aria-label="Period"
        data={UNITS}
        value={custom ? 'custom' : (search.period ?? 'month')}
        onChange={choose}
      />
      <ActionIcon variant="default" size={30} aria-label="The period before" onClick={() => move('before')}>
        <IconChevronLeft size={16} />
      </ActionIcon>
      {custom ? (
        <>
          <MomentField label="From" zone={zone} value={search.from} onChange={(from) => from && onChange({ from })} />
          <MomentField label="To" zone={zone} value={search.to} onChange={(to) => to && onChange({ to })} />
        </>
      ) : (
        <TextInput
          type="date"
          size="xs"
          aria-label="A day of the period"
          value={search.date ?? dayOf(report)}
          onChange={(event) => onChange({ date: event.currentTarget.value || undefined })}
        />
      )}
      <ActionIcon
        variant="default"
        size={30}
        aria-label="The period after"
        disabled={report?.period.isOver === false}
        onClick={() => move('after')}
      >
        <IconChevronRight size={16} />
      </ActionIcon>
    </div>
  )
}

interface MomentFieldProps {
  label: string
  size?: 'xs' | 'sm'
  zone: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** An instant by the clocks of the report's zone. */
function MomentField({ label, size = 'xs', zone, value, onChange }: MomentFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      size={size}
      label={label}
      value={value === undefined ? '' : toInputValue(Date.parse(value), zone)}
      onChange={(event) => {
        const at = fromInputValue(event.currentTarget.value, zone)
        onChange(at === null ? undefined : new Date(at).toISOString())
      }}
    />
  )
}

function boundsOf({ period }: SloReport): { from: string; to: string } {
  return { from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString() }
}

function dayOf(report: SloReport | undefined): string {
  return report === undefined ? '' : toInputValue(report.period.from, report.period.zone).slice(0, 10)
}
