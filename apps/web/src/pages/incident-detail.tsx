import {
  getIncident,
  incidentSeverity,
  listMembers,
  updateIncident,
  type IncidentDetail,
  type IncidentState,
} from '@nines/contracts'
import { Button, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { getRouteApi, Link } from '@tanstack/react-router'
import { formatDuration } from '../model/format-duration.ts'
import { formatRatio } from '../model/format-ratio.ts'
import { SEVERITY_WORDS } from '../model/words.ts'
import { IncidentBudgets } from '../panels/incident-budgets.tsx'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Figure, Panel } from '../panels/panel.tsx'
import { ListSkeleton, QueryView } from '../panels/query-view.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { Timeline } from '../panels/timeline.tsx'
import { TimelineForm } from '../panels/timeline-form.tsx'
import { useApiMutation, useApiQuery } from '../queries/use-api.ts'
import { useNow } from '../queries/use-clock.tsx'
import { useMay, usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/incidents/$id')

export function IncidentDetailPage() {
  const { id } = route.useParams()
  const incident = useApiQuery(getIncident, { params: { id } })
  return (
    <QueryView query={incident} name="The incident" skeleton={<ListSkeleton rows={8} height={56} />}>
      {(data) => <IncidentView incident={data} />}
    </QueryView>
  )
}

function IncidentView({ incident }: { incident: IncidentDetail }) {
  const path = usePath()
  const may = useMay('responder')
  return (
    <>
      <PageHeader
        title={`#${incident.number} ${incident.title}`}
        parent={{ label: 'Incidents', to: path('/incidents') }}
        sub={
          <>
            <StatusBadge of="incident" state={incident.state} />
            <StatusBadge of="incidentSeverity" state={incident.severity} bare />
            <Link to={path(`/slos?service=${incident.service.id}`)}>{incident.service.name}</Link>
          </>
        }
        actions={
          <>
            {may && <StateButtons incident={incident} />}
            {incident.reviewId !== null && (
              <Button variant="default" component={Link} to={path(`/reviews/${incident.reviewId}`)}>
                Open review
              </Button>
            )}
          </>
        }
      />
      <Figures incident={incident} />
      <div className="columns">
        <div className="stack">
          {may && <TimelineForm incidentId={incident.id} />}
          <Panel title="Timeline" flush>
            <Timeline entries={incident.timeline} />
          </Panel>
        </div>
        <aside aria-label="Roles and alerts">
          <Roles incident={incident} />
          <IncidentBudgets budgets={incident.budgets} />
          <IncidentAlerts incident={incident} />
        </aside>
      </div>
    </>
  )
}

function useChange(incident: IncidentDetail) {
  const change = useApiMutation(updateIncident)
  return {
    pending: change.isPending,
    change: (body: Parameters<typeof change.mutate>[0]['body']) =>
      change.mutate(
        { params: { id: incident.id }, body },
        { onError: (error) => notifications.show({ color: 'red', title: 'Not changed', message: error.message }) },
      ),
  }
}

const NEXT: Record<IncidentState, { state: IncidentState; label: string; main: boolean }[]> = {
  open: [
    { state: 'mitigated', label: 'Mark mitigated', main: true },
    { state: 'resolved', label: 'Resolve', main: false },
  ],
  mitigated: [
    { state: 'resolved', label: 'Resolve', main: true },
    { state: 'open', label: 'Reopen', main: false },
  ],
  resolved: [{ state: 'open', label: 'Reopen', main: false }],
}

function StateButtons({ incident }: { incident: IncidentDetail }) {
  const { change, pending } = useChange(incident)
  return NEXT[incident.state].map(({ state, label, main }) => (
    <Button key={state} variant={main ? 'filled' : 'default'} loading={pending} onClick={() => change({ state })}>
      {label}
    </Button>
  ))
}

function Figures({ incident }: { incident: IncidentDetail }) {
  const now = useNow()
  const opened = Date.parse(incident.openedAt)
  const since = (at: string | null) => (at === null ? null : (Date.parse(at) - opened) / 1000)
  const lasted = since(incident.resolvedAt) ?? (now - opened) / 1000
  return (
    <div className="figures">
      <Figure
        label="Opened"
        value={<Instant at={incident.openedAt} format="clock" />}
        note={<Instant at={incident.openedAt} format="day" />}
      />
      <Figure label={incident.resolvedAt === null ? 'Open for' : 'Lasted'} value={formatDuration(lasted)} />
      <Figure label="Acknowledged after" value={formatDuration(since(incident.acknowledgedAt))} />
      <Figure label="Mitigated after" value={formatDuration(since(incident.mitigatedAt))} />
      <Figure
        label="Error budget spent"
        value={formatRatio(incident.budgetSpent, 1)}
        note="of the SLO's whole budget, in minutes that have ended"
      />
    </div>
  )
}

function Roles({ incident }: { incident: IncidentDetail }) {
  const may = useMay('responder')
  const members = useApiQuery(listMembers, {})
  const { change } = useChange(incident)
  return (
    <Panel title="Roles">
      <div className="form-grid">
        <Select
          label="Commander"
          placeholder="Nobody"
          readOnly={!may}
          searchable
          clearable
          value={incident.commander?.id ?? null}
          onChange={(commanderId) => change({ commanderId })}
          data={(members.data?.members ?? []).map(({ user }) => ({ value: user.id, label: user.name }))}
        />
        <Select
          label="Severity"
          readOnly={!may}
          allowDeselect={false}
          value={incident.severity}
          onChange={(value) => change({ severity: incidentSeverity.parse(value) })}
          data={incidentSeverity.options.map((value) => ({ value, label: SEVERITY_WORDS[value] }))}
        />
      </div>
    </Panel>
  )
}

function IncidentAlerts({ incident }: { incident: IncidentDetail }) {
  const path = usePath()
  return (
    <Panel title={`Alerts (${incident.alerts.length})`} flush>
      <div className="row-list">
        {incident.alerts.map((alert) => (
          <div key={alert.id} className="row-item">
            <div>
              <Link to={path(`/alerts/${alert.id}`)} className="plain-link">
                {alert.sloName}
              </Link>
              <div className="meta">
                <StatusBadge of="severity" state={alert.severity} bare /> · <Instant at={alert.firedAt} />
              </div>
            </div>
            <StatusBadge of="alert" state={alert.state as 'firing'} />
          </div>
        ))}
      </div>
    </Panel>
  )
}
