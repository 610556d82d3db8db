import type { BudgetPolicySlo } from '@nines/contracts'
import { Link } from '@tanstack/react-router'
import { watchedText } from '../../model/budget-policy-words.ts'
import { usePath } from '../../queries/workspace.tsx'
import { BudgetBar } from '../budget-bar.tsx'
import { StandingBadge } from './standing-badge.tsx'

/** SLOs under a policy: what is left of each budget and what is in force. */
export function StandingList({ slos, label }: { slos: readonly BudgetPolicySlo[]; label: string }) {
  const path = usePath()
  return (
    <ul className="standing-list" aria-label={label}>
      {slos.map(({ id, name, serviceName, objective, standing }) => (
        <li key={id}>
          <div>
            <Link to={path(`/slos/${id}`)} className="plain-link">
              {name}
            </Link>
            <div className="meta">
              {serviceName}
              {objective !== 0 && ` · ${watchedText(objective)}`}
            </div>
          </div>
          <BudgetBar remaining={standing.budgetRemaining} />
          <StandingBadge standing={standing} />
        </li>
      ))}
    </ul>
  )
}
