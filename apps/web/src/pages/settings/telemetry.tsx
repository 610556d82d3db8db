import { getTelemetrySettings, getTelemetryUsage } from '@nines/contracts'
import { SegmentedControl } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import '../../theme/usage.css'
import { PageHeader } from '../../panels/page-header.tsx'
import { ListSkeleton, QueryView } from '../../panels/query-view.tsx'
import { DeadLetters } from '../../panels/telemetry/dead-letters.tsx'
import { LimitsPanel } from '../../panels/telemetry/limits-form.tsx'
import { SeriesCosts } from '../../panels/telemetry/series-costs.tsx'
import { UsagePanel } from '../../panels/telemetry/usage-panel.tsx'
import { useApiQuery } from '../../queries/use-api.ts'

const route = getRouteApi('/w/$workspace/settings/telemetry')

export function TelemetrySettingsPage() {
  const { period = 'hour' } = route.useSearch()
  const navigate = route.useNavigate()
  const usage = useApiQuery(getTelemetryUsage, {})
  const settings = useApiQuery(getTelemetrySettings, {})
  return (
    <>
      <PageHeader
        title="Usage and limits"
        sub="What this workspace sends, what was refused and why, and how long it is kept"
        actions={
          <SegmentedControl
            aria-label="Period"
            value={period}
            onChange={(value) =>
              void navigate({ search: { period: value === 'day' ? 'day' : undefined }, replace: true })
            }
            data={[
              { value: 'hour', label: 'Last hour' },
              { value: 'day', label: 'Last day' },
            ]}
          />
        }
      />
      <div className="stack">
        <QueryView query={usage} name="Usage" skeleton={<ListSkeleton rows={3} height={120} />}>
          {(data) => (
            <div className="stack">
              <UsagePanel period={data[period]} name={period === 'day' ? 'last day' : 'last hour'} />
              <SeriesCosts series={data.series} />
            </div>
          )}
        </QueryView>
        <QueryView query={settings} name="The limits" skeleton={<ListSkeleton rows={4} height={60} />}>
          {(data) => <LimitsPanel current={data} />}
        </QueryView>
        <DeadLetters />
      </div>
    </>
  )
}
