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

/** The newest open alerts, as every page counts and the overview shows them: one question for both. */
export const OVERVIEW_ALERTS = { state: 'open', limit: 100 } as const
/** More than fit on a screen are a list, and have their page. */
const MOST_SHOWN = 10

/** What needs a person right now, first on the overview; a single calm line when nothing does. `total` are open in all. */
export function FiringList({ alerts, total }: { alerts: readonly AlertDto[]; total: number }) {
  const path = usePath()
  if (alerts.length === 0) {
    return (
      <div className="calm">
        <IconCircleCheck size={17} className="is-good" aria-hidden /> Nothing is firing
      </div>
    )
  }
  const shown = orderAlerts(alerts).slice(0, MOST_SHOWN)
  const hot = alerts.some((alert) => alert.state === 'firing')
  return (
    <Panel
      title={`${total} open ${total === 1 ? 'alert' : 'alerts'}`}
      flush
      className={`firing-panel ${hot ? 'hot' : ''}`}
      actions={<Link to={path('/alerts')}>All alerts</Link>}
    >
      {shown.map((alert) => (
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
      {total > shown.length && (
        <div className="firing-more">
          <Link to={path('/alerts')}>
            {total - shown.length} more open {total - shown.length === 1 ? 'alert' : 'alerts'}
          </Link>
        </div>
      )}
    </Panel>
  )
}
