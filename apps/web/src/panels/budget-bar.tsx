import { formatBudget } from '../model/format-ratio.ts'

/** Budget left as bar and number. Spent and overspent are an empty bar with a red number; no data is hatched. */
export function BudgetBar({ remaining, name }: { remaining: number | null | undefined; name: string }) {
  const known = remaining !== null && remaining !== undefined
  const tone = !known ? '' : remaining <= 0 ? 'bad' : remaining < 0.25 ? 'warn' : 'good'
  const label = `Error budget left of ${name}: ${known ? formatBudget(remaining) : 'no data'}`
  return (
    <div className="budget" role="img" aria-label={label}>
      <div className={`budget-track ${known ? '' : 'undefined'}`}>
        {known && (
          <div className={`budget-fill ${tone}`} style={{ width: `${Math.max(0, Math.min(1, remaining)) * 100}%` }} />
        )}
      </div>
      <span className={`num ${tone === 'bad' ? 'is-bad' : ''}`}>{known ? formatBudget(remaining) : 'No data'}</span>
    </div>
  )
}
