import type { BudgetStandingDto } from '@nines/contracts'
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconSnowflake } from '@tabler/icons-react'
import { standingText } from '../../model/budget-policy-words.ts'

/** How an SLO stands under its policy, as icon and word. */
export function StandingBadge({ standing }: { standing: BudgetStandingDto }) {
  const [Symbol, tone] = lookOf(standing)
  return (
    <span className={`badge ${tone}`}>
      <Symbol size={14} stroke={2} aria-hidden />
      {standingText(standing)}
    </span>
  )
}

function lookOf({ isFrozen, inForce, isUnknown }: BudgetStandingDto) {
  if (isFrozen) return [IconSnowflake, 'bad'] as const
  if (inForce.length > 0) return [IconAlertTriangle, 'warn'] as const
  return isUnknown ? ([IconCircleDashed, 'unmeasured'] as const) : ([IconCircleCheck, 'good'] as const)
}
