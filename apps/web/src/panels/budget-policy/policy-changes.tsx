import type { BudgetPolicyChangeDto } from '@nines/contracts'
import { policyChangeText } from '../../model/budget-policy-words.ts'
import { Instant } from '../instant.tsx'
import { Panel } from '../panel.tsx'

/** Who changed what of a policy. */
export function PolicyChanges({ changes }: { changes: readonly BudgetPolicyChangeDto[] }) {
  return (
    <Panel title="Changes" flush>
      <ul className="row-list policy-changes" aria-label="Changes">
        {changes.map((change) => (
          <li key={change.id} className="row-item">
            <span className="wrap-anywhere">
              <strong>{change.by}</strong> {policyChangeText(change)}
            </span>
            <span className="meta">
              <Instant at={change.at} format="minute" />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
