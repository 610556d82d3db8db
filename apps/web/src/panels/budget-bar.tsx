import { formatBudget } from '../model/format-ratio.ts'

/** Budget left as bar and number. Spent and overspent are an empty bar with a red number; no data is hatched. */
export function BudgetBar({ remaining }: { remaining: number | null | undefined }) {
  const known = remaining !== null && remaining !== undefined
  const tone = !known ? '' : remaining <= 0 ? 'bad' : remaining < 0.25 ? 'warn' : 'good'
  return (
    <div className="budget">
      <div className={`budget-track ${known ? '' : 'undefined'}`} aria-hidden>
        {known && (
          <div className={`budget-fill ${tone}`} style={{ width: `${Math.max(0, Math.min(1, remaining)) * 100}%` }} />
        )}
      </div>
      <span className={`num ${tone === 'bad' ? 'is-bad' : ''}`}>{known ? formatBudget(remaining) : 'No data'}</span>
    </div>
  )
}
