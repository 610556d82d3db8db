import { listIncidents, type IncidentDto } from '@nines/contracts'
import { getRouteApi, Link } from '@tanstack/react-router'
import { formatDuration } from '../model/format-duration.ts'
import { formatRatio } from '../model/format-ratio.ts'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { RecordTable, type RecordColumn } from '../panels/record-table.tsx'
import { StateFilter } from '../panels/state-filter.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { useNow } from '../queries/use-clock.tsx'
import { usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/incidents')

function useColumns(): RecordColumn<IncidentDto>[] {
  const path = usePath()
  const now = useNow()
  const lasted = (incident: IncidentDto) =>
    ((incident.resolvedAt === null ? now : Date.parse(incident.resolvedAt)) - Date.parse(incident.openedAt)) / 1000
  return [
    { key: 'state', title: 'State', width: 120, render: (i) => <StatusBadge of="incident" state={i.state} /> },
    {
      key: 'title',
      title: 'Incident',
      head: true,
      render: (incident) => (
        <>
          <Link to={path(`/incidents/${incident.id}`)} className="plain-link">
            #{incident.number} {incident.title}
          </Link>
          <div className="meta">{incident.service.name}</div>
        </>
      ),
    },
    {
      key: 'severity',
      title: 'Severity',
      width: 100,
      sort: (i) => i.severity,
      render: (i) => <StatusBadge of="incidentSeverity" state={i.severity} bare />,
    },
    { key: 'opened', title: 'Opened', sort: (i) => i.openedAt, render: (i) => <Instant at={i.openedAt} /> },
    { key: 'lasted', title: 'Lasted', numeric: true, sort: lasted, render: (i) => formatDuration(lasted(i)) },
    {
      key: 'budget',
      title: 'Budget spent',
      numeric: true,
      sort: (i) => i.budgetSpent,
      render: (i) => formatRatio(i.budgetSpent, 1),
    },
    { key: 'commander', title: 'Commander', render: (i) => i.commander?.name ?? <span className="muted">Nobody</span> },
    {
      key: 'review',
      title: 'Review',
      render: (i) =>
        i.reviewId === null ? (
          <span className="muted">–</span>
        ) : (
          <Link to={path(`/reviews/${i.reviewId}`)}>Review</Link>
        ),
    },
  ]
}

export function IncidentsPage() {
  const { state = 'all' } = route.useSearch()
  const navigate = route.useNavigate()
  const incidents = useApiQuery(listIncidents, { query: { state } }, { keepPrevious: true })
  const columns = useColumns()
  return (
    <>
      <PageHeader
        title="Incidents"
        actions={
          <StateFilter value={state} onChange={(next) => void navigate({ search: { state: next }, replace: true })} />
        }
      />
      <Panel flush>
        <QueryView query={incidents} name="Incidents">
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={state === 'open' ? 'No open incident' : 'No incidents'}>
                A critical alert opens an incident by itself. Its timeline gathers alerts, pages and notes; when it is
                resolved, a review is drafted from them.
              </Empty>
            ) : (
              <RecordTable label="Incidents" records={items} columns={columns} idOf={(incident) => incident.id} />
            )
          }
        </QueryView>
      </Panel>
    </>
  )
}
