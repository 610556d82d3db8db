import { listChannels, type BudgetStandingDto, type BudgetStep } from '@nines/contracts'
import { actionTexts, thresholdText } from '../../model/budget-policy-words.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { Instant } from '../instant.tsx'

interface BudgetStepsListProps {
  steps: readonly BudgetStep[]
  /** Marks the steps that are in force. */
  standing?: BudgetStandingDto
}

/** Steps of a policy from the highest threshold down, with what happens at each. */
export function BudgetStepsList({ steps, standing }: BudgetStepsListProps) {
  const channels = useApiQuery(listChannels, {})
  const names = new Map((channels.data?.items ?? []).map(({ id, name }) => [id, name]))
  return (
    <ol className="budget-steps" aria-label="Steps">
      {steps.map(({ budgetLeftBelow, actions }) => {
        const since = standing?.inForce
          .filter((step) => step.budgetLeftBelow === budgetLeftBelow)
          .map((step) => step.since)
        const isInForce = since !== undefined && since.length > 0
        return (
          <li key={budgetLeftBelow} className={isInForce ? 'in-force' : ''}>
            <span className="num budget-steps-at">{thresholdText(budgetLeftBelow)}</span>
            <span>
              {sentence(
                actionTexts(actions, (id) => names.get(id) ?? (channels.isPending ? '…' : 'a channel')).join(', '),
              )}
              {isInForce && (
                <span className="meta">
                  {' '}
                  · in force since <Instant at={Math.min(...since)} format="minute" />
                </span>
              )}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
