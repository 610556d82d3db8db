import { alertTitle, type AlertDto } from '@nines/contracts'
import { IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { orderAlerts } from '../model/alert-order.ts'
import { describeAlert } from '../model/evidence.ts'
import { usePath } from '../queries/workspace.tsx'
import { AlertActions } from './alert-actions.tsx'
import { FrozenSince } from './frozen-since.tsx'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'
import { StatusBadge } from './status-badge.tsx'

/** What needs a person right now, first on the overview; a single calm line when nothing does. */
export function FiringList({ alerts }: { alerts: readonly AlertDto[] }) {
  const path = usePath()
  if (alerts.length === 0) {
    return (
      <div className="calm">
        <IconCircleCheck size={17} className="is-good" aria-hidden /> Nothing is firing
      </div>
    )
  }
  const hot = alerts.some((alert) => alert.state === 'firing')
  return (
    <Panel
      title={`${alerts.length} open ${alerts.length === 1 ? 'alert' : 'alerts'}`}
      flush
      className={`firing-panel ${hot ? 'hot' : ''}`}
      actions={<Link to={path('/alerts')}>All alerts</Link>}
    >
      {orderAlerts(alerts).map((alert) => (
        <div key={alert.id} className={`firing-row ${alert.state}`}>
          <StatusBadge of="alert" state={alert.state} />
          <div>
            <Link to={path(`/alerts/${alert.id}`)} className="plain-link firing-title">
              {alertTitle(alert.service.name, alert.slo.name)}
            </Link>
            <div className="meta">
              {describeAlert(alert)} · rule {alert.ruleName}
              {alert.acknowledgedBy !== null && ` · ${alert.acknowledgedBy} has it`}
              <FrozenSince alert={alert} before=" · " />
              {alert.silencedBy.length > 0 && ' · silenced, nobody was paged'}
            </div>
          </div>
          <span className="meta">
            <StatusBadge of="severity" state={alert.severity} bare />{' '}
            <Instant at={alert.firedAt ?? alert.startedAt} ago />
          </span>
          <AlertActions alert={alert} compact />
        </div>
      ))}
    </Panel>
  )
}
