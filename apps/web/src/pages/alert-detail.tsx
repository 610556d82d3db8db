import { alertTitle, getAlert, type AlertDetail } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconBellOff } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AlertActions } from '../panels/alert-actions.tsx'
import { EvidencePanel } from '../panels/evidence-panel.tsx'
import { FrozenSince } from '../panels/frozen-since.tsx'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { PageList } from '../panels/page-list.tsx'
import { Panel } from '../panels/panel.tsx'
import { ListSkeleton, QueryView } from '../panels/query-view.tsx'
import { SilenceDialog } from '../panels/silence-dialog.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { describeAlert } from '../model/evidence.ts'
import { sentence } from '../model/words.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useMay, usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/alerts/$id')

export function AlertDetailPage() {
  const { id } = route.useParams()
  const alert = useApiQuery(getAlert, { params: { id } })
  return (
    <QueryView query={alert} name="The alert" skeleton={<ListSkeleton rows={8} height={56} />}>
      {(data) => <AlertView alert={data} />}
    </QueryView>
  )
}

function AlertView({ alert }: { alert: AlertDetail }) {
  const path = usePath()
  const may = useMay('responder')
  const { evidence: moment = 'fired' } = route.useSearch()
  const navigate = route.useNavigate()
  const [silencing, setSilencing] = useState(false)
  return (
    <>
      <PageHeader
        title={alertTitle(alert.service.name, alert.slo.name)}
        parent={{ label: 'Alerts', to: path('/alerts') }}
        sub={
          <>
            <StatusBadge of="alert" state={alert.state} />
            <StatusBadge of="severity" state={alert.severity} bare />
            <span>
              fired <Instant at={alert.firedAt} /> (<Instant at={alert.firedAt} ago />)
            </span>
            <span>{describeAlert(alert)}</span>
            <FrozenSince alert={alert} />
          </>
        }
        actions={
          <>
            <AlertActions alert={alert} />
            {may && (
              <Button variant="default" leftSection={<IconBellOff size={14} />} onClick={() => setSilencing(true)}>
                Silence
              </Button>
            )}
          </>
        }
      />
      <div className="columns">
        <div className="stack">
          <EvidencePanel
            alert={alert}
            moment={moment}
            onMoment={(next) => void navigate({ search: { evidence: next }, replace: true })}
          />
          <PageList pages={alert.pages} quietBecause={quietReason(alert)} />
        </div>
        <aside aria-label="Facts">
          <Facts alert={alert} />
          <Escalation alert={alert} />
        </aside>
      </div>
      <SilenceDialog opened={silencing} onClose={() => setSilencing(false)} sloId={alert.slo.id} />
    </>
  )
}

/** Why an alert has no page, as far as the alert itself tells. */
function quietReason(alert: AlertDetail): string {
  if (alert.silencedBy.length > 0) return 'A silence held the pages back.'
  if (alert.severity !== 'critical') return 'Only critical rules page.'
  if (alert.state === 'pending') return 'It has not held long enough to fire.'
  return 'No escalation policy applied when it fired.'
}

const ENDED = { burn_rate: 'by itself: the burn stopped', absence: 'by itself: it is measured again' }

function Facts({ alert }: { alert: AlertDetail }) {
  const path = usePath()
  return (
    <Panel title="Facts">
      <dl className="facts">
        <dt>Service</dt>
        <dd>
          <Link to={path(`/slos?service=${alert.service.id}`)}>{alert.service.name}</Link>
        </dd>
        <dt>SLO</dt>
        <dd>
          <Link to={path(`/slos/${alert.slo.id}`)}>{alert.slo.name}</Link>
        </dd>
        <dt>Rule</dt>
        <dd>
          <Link to={path(`/slos/${alert.slo.id}?tab=rules`)}>{alert.ruleName}</Link>
        </dd>
        <dt>Incident</dt>
        <dd>
          {alert.incidentId === null ? (
            <span className="muted">None</span>
          ) : (
            <Link to={path(`/incidents/${alert.incidentId}`)}>Open the incident</Link>
          )}
        </dd>
        <dt>True since</dt>
        <dd>
          <Instant at={alert.startedAt} />
        </dd>
        <dt>Fired</dt>
        <dd>
          <Instant at={alert.firedAt} />
        </dd>
        <dt>Acknowledged</dt>
        <dd>
          <Instant at={alert.acknowledgedAt} />
          {alert.acknowledgedBy !== null && <div>by {alert.acknowledgedBy}</div>}
        </dd>
        {alert.frozenSince !== null && (
          <>
            <dt>Frozen</dt>
            <dd>
              since <Instant at={alert.frozenSince} />
              <div>Too little is measured to say whether it is over. It stays open until there is.</div>
            </dd>
          </>
        )}
        <dt>Resolved</dt>
        <dd>
          <Instant at={alert.resolvedAt} />
          {alert.resolvedAt !== null && (
            <div>{alert.resolvedBy === null ? ENDED[alert.kind] : `by ${alert.resolvedBy}`}</div>
          )}
        </dd>
        {alert.silencedBy.length > 0 && (
          <>
            <dt>Silenced</dt>
            <dd>
              <Link to={path('/settings/silences')}>
                by {alert.silencedBy.length === 1 ? 'a silence' : `${alert.silencedBy.length} silences`}
              </Link>
            </dd>
          </>
        )}
      </dl>
    </Panel>
  )
}

const ESCALATION = {
  running: 'Under way: it goes on until somebody acknowledges.',
  stopped: 'Stopped: the alert was acknowledged or resolved.',
  exhausted: 'Exhausted: every step was walked before anybody acknowledged.',
}

function Escalation({ alert: { escalation } }: { alert: AlertDetail }) {
  const path = usePath()
  if (escalation === null) {
    return (
      <Panel title="Escalation">
        <span className="muted">None was started.</span>
      </Panel>
    )
  }
  return (
    <Panel title="Escalation">
      <p style={{ marginBottom: 10 }} className={escalation.state === 'exhausted' ? 'is-bad' : ''}>
        {ESCALATION[escalation.state]}
      </p>
      <dl className="facts">
        <dt>Policy</dt>
        <dd>
          <Link to={path('/settings/policies')}>{escalation.policyName}</Link>
        </dd>
        <dt>State</dt>
        <dd>{sentence(escalation.state)}</dd>
        {escalation.nextStepAt !== null && (
          <>
            <dt>Next</dt>
            <dd>
              Step {escalation.step + 1}, round {escalation.round + 1}
              <div>
                <Instant at={escalation.nextStepAt} /> (<Instant at={escalation.nextStepAt} ago />)
              </div>
            </dd>
          </>
        )}
      </dl>
    </Panel>
  )
}
