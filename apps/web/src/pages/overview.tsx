import { getOverview, listAlerts, listIncidents, type ResponseOf } from '@nines/contracts'
import { Button, Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { formatRate } from '../model/format-number.ts'
import { groupByTier } from '../model/service-tiers.ts'
import { FiringList, OVERVIEW_ALERTS } from '../panels/firing-list.tsx'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, ListSkeleton, QueryView } from '../panels/query-view.tsx'
import { TierPanel } from '../panels/service-health.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { useMay, usePath } from '../queries/workspace.tsx'

type Overview = ResponseOf<typeof getOverview>

/** What is on fire, then every service with its budgets, then who has the watch. */
export function OverviewPage() {
  const overview = useApiQuery(getOverview, {})
  const alerts = useApiQuery(listAlerts, { query: OVERVIEW_ALERTS })
  return (
    <>
      <PageHeader title="Overview" />
      <QueryView query={alerts} name="Open alerts" skeleton={<Skeleton height={40} mb={16} />}>
        {({ items, total }) => <FiringList alerts={items} total={total} />}
      </QueryView>
      <QueryView query={overview} name="The overview" skeleton={<ListSkeleton rows={8} height={52} />}>
        {(data) => (
          <div className="columns">
            <div>
              <Services overview={data} />
            </div>
            <aside aria-label="On call and incidents">
              <OnCall onCall={data.onCall} />
              <OpenIncidents />
              <Panel title="Telemetry">
                <span className="num">{formatRate(data.samplesPerSecond)}</span>{' '}
                <span className="muted">samples arriving</span>
              </Panel>
            </aside>
          </div>
        )}
      </QueryView>
    </>
  )
}

function Services({ overview }: { overview: Overview }) {
  const path = usePath()
  const mayEdit = useMay('editor')
  if (overview.services.length === 0) {
    return (
      <Panel>
        <Empty
          title="No services yet"
          action={
            mayEdit && (
              <Button component={Link} to={path('/settings/services')}>
                Add a service
              </Button>
            )
          }
        >
          A service is what users depend on. Add one, send its telemetry with an API key, then define its first SLO.
        </Empty>
      </Panel>
    )
  }
  return groupByTier(overview.services).map((tier) => <TierPanel key={tier.tier} tier={tier} />)
}

function OnCall({ onCall }: { onCall: Overview['onCall'] }) {
  const path = usePath()
  return (
    <Panel title="On call now" flush actions={<Link to={path('/settings/schedules')}>Schedules</Link>}>
      <div className="row-list">
        {onCall.map((entry) => (
          <div key={entry.scheduleId} className="row-item">
            <div>
              <strong className={entry.userName === null ? 'is-bad' : ''}>{entry.userName ?? 'Nobody'}</strong>
              <div className="meta">{entry.scheduleName}</div>
            </div>
            <span className="meta" style={{ textAlign: 'right' }}>
              until <Instant at={entry.until} format="minute" />
            </span>
          </div>
        ))}
        {onCall.length === 0 && <p className="row-item muted">No schedule yet: pages go to the default channel.</p>}
      </div>
    </Panel>
  )
}

function OpenIncidents() {
  const path = usePath()
  const incidents = useApiQuery(listIncidents, { query: { state: 'open' } })
  return (
    <Panel title="Open incidents" flush actions={<Link to={path('/incidents')}>All</Link>}>
      <QueryView query={incidents} name="Incidents" skeleton={<ListSkeleton rows={2} />}>
        {({ items }) => (
          <div className="row-list">
            {items.map((incident) => (
              <div key={incident.id} className="row-item">
                <div>
                  <Link to={path(`/incidents/${incident.id}`)} className="plain-link">
                    #{incident.number} {incident.title}
                  </Link>
                  <div className="meta">
                    <StatusBadge of="incidentSeverity" state={incident.severity} bare /> ·{' '}
                    {incident.commander?.name ?? 'no commander'}
                  </div>
                </div>
                <StatusBadge of="incident" state={incident.state} />
              </div>
            ))}
            {items.length === 0 && <p className="row-item muted">None.</p>}
          </div>
        )}
      </QueryView>
    </Panel>
  )
}
