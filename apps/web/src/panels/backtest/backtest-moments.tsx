import type { BacktestReport, BacktestRuleResult } from '@nines/contracts'
import { describeBurn } from '../../model/evidence.ts'
import { formatDuration } from '../../model/format-duration.ts'
import { Instant } from '../instant.tsx'

const SHOWN = 100

type Fired = BacktestRuleResult['fired'][number]

function momentText({ condition, burn }: Pick<BacktestRuleResult, 'condition'> & Pick<Fired, 'burn'>): string {
  if (condition.kind === 'burn_rate') return describeBurn(burn)
  return `Nothing measured for ${formatDuration(condition.unmeasuredSeconds)}`
}

/** Every moment at which a rule had fired, newest first, with what made it fire; closed until asked for. */
export function BacktestMoments({ report }: { report: BacktestReport }) {
  const moments = report.rules
    .flatMap(({ name, action, condition, fired }) => fired.map((alert) => ({ name, action, condition, ...alert })))
    .sort((a, b) => b.firedAt - a.firedAt)
  if (moments.length === 0) return null
  const all = report.rules.reduce((sum, rule) => sum + rule.count, 0)
  return (
    <details className="backtest-moments">
      <summary>{all === 1 ? 'The moment' : `All ${all} moments`}</summary>
      <div className="mini-scroll">
        <table className="mini-table" aria-label="Moments at which rules would have fired">
          <thead>
            <tr>
              <th>Fired</th>
              <th>Rule</th>
              <th className="right">For</th>
            </tr>
          </thead>
          <tbody>
            {moments.slice(0, SHOWN).map((moment) => (
              <tr key={`${moment.name} ${moment.firedAt}`}>
                <th scope="row">
                  <Instant at={moment.firedAt} format="minute" />
                  <div className="meta num">{momentText(moment)}</div>
                </th>
                <td className="lane-rule">
                  <i className={`lane-dot ${moment.action}`} aria-hidden />
                  {moment.name}
                </td>
                <td className="right num">
                  {moment.resolvedAt === null ? 'still firing' : formatDuration(moment.seconds)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {all > SHOWN && (
        <p className="muted">
          The newest {SHOWN} of {all}.
        </p>
      )}
    </details>
  )
}
