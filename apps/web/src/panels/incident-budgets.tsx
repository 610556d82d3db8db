import { windowText, type IncidentBudget } from '@nines/contracts'
import { Link } from '@tanstack/react-router'
import { formatDuration } from '../model/format-duration.ts'
import { formatCount } from '../model/format-number.ts'
import { formatBudget, formatTarget } from '../model/format-ratio.ts'
import { usePath } from '../queries/workspace.tsx'
import { Panel } from './panel.tsx'

/** What an incident spent of each budget of its SLOs, from their ledgers. */
export function IncidentBudgets({ budgets }: { budgets: readonly IncidentBudget[] }) {
  const path = usePath()
  if (budgets.length === 0) return null
  return (
    <Panel
      title="Budget it spent"
      flush
      note="Of the whole budget of the window that ends with the incident. Counted are minutes that have ended."
    >
      <div className="row-list">
        {budgets.map((budget) => (
          <div key={`${budget.sloId} ${budget.objective}`} className="row-item">
            <div>
              <Link
                to={path(`/slos/${budget.sloId}${budget.objective === 0 ? '' : `?objective=${budget.objective}`}`)}
                className="plain-link"
              >
                {budget.sloName}
              </Link>{' '}
              <span className="muted">
                {formatTarget(budget.target)} over {windowText(budget.window)}
              </span>
              <div className="meta">
                {formatCount(budget.badEvents)} bad events · {formatDuration(budget.outageSeconds)} of full outage
              </div>
            </div>
            <strong className="num" style={{ whiteSpace: 'nowrap' }}>
              {formatBudget(budget.share)}
            </strong>
          </div>
        ))}
      </div>
    </Panel>
  )
}
