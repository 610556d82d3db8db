import { alertTitle, listAlerts, type AlertDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { orderAlerts } from '../model/alert-order.ts'
import { describeAlert } from '../model/evidence.ts'
import { formatDuration } from '../model/format-duration.ts'
import { AlertActions } from '../panels/alert-actions.tsx'
import { FrozenSince } from '../panels/frozen-since.tsx'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { RecordPage, RECORDS_PER_PAGE, RecordTable, type RecordColumn } from '../panels/record-table.tsx'
import { StateFilter } from '../panels/state-filter.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { useNow } from '../queries/use-clock.tsx'
import { useMay, usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/alerts')

const ACTIONS: RecordColumn<AlertDto> = {
  key: 'actions',
  title: 'Action',
  width: 168,
  has: (alert) => alert.state === 'firing',
  render: (alert) => <AlertActions alert={alert} compact />,
}

function useColumns(): RecordColumn<AlertDto>[] {
  const may = useMay('responder')
  const path = usePath()
  const now = useNow()
  return [
    { key: 'state', title: 'State', width: 140, render: (alert) => <StatusBadge of="alert" state={alert.state} /> },
    {
      key: 'summary',
      title: 'Alert',
      head: true,
      render: (alert) => (
        <>
          <Link to={path(`/alerts/${alert.id}`)} className="plain-link">
            {alertTitle(alert.service.name, alert.slo.name)}
          </Link>
          <div className="meta">
            {describeAlert(alert)}
            <FrozenSince alert={alert} before=" · " />
          </div>
        </>
      ),
    },
    {
      key: 'severity',
      title: 'Severity',
      width: 110,
      render: (alert) => <StatusBadge of="severity" state={alert.severity} bare />,
    },
    { key: 'rule', title: 'Rule', render: (alert) => alert.ruleName },
    {
      key: 'fired',
      title: 'Fired',
      sort: (alert) => alert.firedAt ?? alert.startedAt,
      render: (alert) => <Instant at={alert.firedAt ?? alert.startedAt} />,
    },
    {
      key: 'duration',
      title: 'Lasted',
      numeric: true,
      sort: (alert) => durationOf(alert, now),
      render: (alert) => formatDuration(durationOf(alert, now)),
    },
    {
      key: 'holder',
      title: 'Who has it',
      width: 150,
      render: (alert) =>
        alert.resolvedBy ??
        alert.acknowledgedBy ?? <span className="muted">{alert.state === 'resolved' ? 'By itself' : 'Nobody'}</span>,
    },
    ...(may ? [ACTIONS] : []),
  ]
}

function durationOf(alert: AlertDto, now: number): number {
  const end = alert.resolvedAt === null ? now : Date.parse(alert.resolvedAt)
  return Math.max(0, (end - Date.parse(alert.firedAt ?? alert.startedAt)) / 1000)
}

export function AlertsPage() {
  const { state = 'open', page = 1 } = route.useSearch()
  const navigate = route.useNavigate()
  const alerts = useApiQuery(listAlerts, { query: { state, page, limit: RECORDS_PER_PAGE } }, { keepPrevious: true })
  const columns = useColumns()
  return (
    <>
      <PageHeader
        title="Alerts"
        actions={
          <StateFilter value={state} onChange={(next) => void navigate({ search: { state: next }, replace: true })} />
        }
      />
      <Panel flush>
        <QueryView query={alerts} name="Alerts">
          {({ items, total }) =>
            total === 0 ? (
              <Empty
                title={state === 'open' ? 'Nothing is firing' : 'No alerts here'}
                action={
                  state === 'open' && (
                    <Button variant="default" onClick={() => void navigate({ search: { state: 'all' } })}>
                      Show past alerts
                    </Button>
                  )
                }
              >
                An alert opens when an SLO burns its error budget faster than one of its rules allows, or is not
                measured any more, and closes when that is over. Silence closes none.
              </Empty>
            ) : total > RECORDS_PER_PAGE ? (
              <RecordPage
                label="Alerts"
                records={orderAlerts(items)}
                // A title would sort the page alone.
                columns={columns.map((column) => ({ ...column, sort: undefined }))}
                idOf={(alert) => alert.id}
                total={total}
                page={page}
                onPage={(next) => void navigate({ search: { state, page: next }, replace: true })}
              />
            ) : (
              <RecordTable label="Alerts" records={orderAlerts(items)} columns={columns} idOf={(alert) => alert.id} />
            )
          }
        </QueryView>
      </Panel>
    </>
  )
}
