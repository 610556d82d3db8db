import type { ServiceHealth } from '@nines/contracts'
import { Link } from '@tanstack/react-router'
import { formatBurn } from '../model/format-number.ts'
import type { Tier } from '../model/service-tiers.ts'
import { usePath } from '../queries/workspace.tsx'
import { BudgetBar } from './budget-bar.tsx'
import { Panel } from './panel.tsx'
import { StatusBadge } from './status-badge.tsx'

const TIER_NAMES: Record<number, string> = { 1: 'critical', 2: 'important', 3: 'standard', 4: 'best effort' }

/** The services of one tier, each with its SLOs: budget as bar and number, burn over the last hour, state. */
export function TierPanel({ tier }: { tier: Tier }) {
  return (
    <Panel flush>
      <div className="service-row tier-head">
        <h2>
          Tier {tier.tier} <span className="muted">{TIER_NAMES[tier.tier]}</span>
        </h2>
        <div className="service-slo" aria-hidden>
          <span>SLO</span>
          <span>Error budget left</span>
          <span style={{ textAlign: 'right' }}>Burn, 1 h</span>
          <span>State</span>
        </div>
      </div>
      {tier.services.map((health) => (
        <ServiceRow key={health.service.id} health={health} />
      ))}
    </Panel>
  )
}

function ServiceRow({ health }: { health: ServiceHealth }) {
  const path = usePath()
  const { service } = health
  const more = health.sloCount - health.slos.length
  return (
    <div className="service-row">
      <div>
        <Link to={path(`/slos?service=${service.id}`)} className="plain-link">
          {service.name}
        </Link>
        <div className="meta">{[service.team?.name, countsOf(health)].filter(Boolean).join(' · ')}</div>
      </div>
      <div>
        {health.slos.map((slo) => (
          <div key={slo.id} className="service-slo">
            <Link to={path(`/slos/${slo.id}`)}>{slo.name}</Link>
            <BudgetBar remaining={slo.status?.budgetRemaining} />
            <span className="num">{formatBurn(slo.status?.burn1h ?? null)}</span>
            <span>
              <StatusBadge of="data" state={slo.status?.state ?? 'unmeasured'} bare />
            </span>
          </div>
        ))}
        {more > 0 && (
          <Link to={path(`/slos?service=${service.id}`)}>
            {more} more {more === 1 ? 'SLO' : 'SLOs'} with more budget left
          </Link>
        )}
        {health.slos.length === 0 && (
          <span className="muted">
            No SLO. <Link to={path(`/slos/suggestions?service=${service.id}`)}>See what its telemetry suggests</Link>
          </span>
        )}
      </div>
    </div>
  )
}

function countsOf({ openAlerts, openIncidents }: ServiceHealth): string {
  const alerts = openAlerts === 0 ? '' : `${openAlerts} open ${openAlerts === 1 ? 'alert' : 'alerts'}`
  const incidents = openIncidents === 0 ? '' : `${openIncidents} ${openIncidents === 1 ? 'incident' : 'incidents'}`
  return [alerts, incidents].filter(Boolean).join(', ')
}
