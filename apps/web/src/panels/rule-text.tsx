import {
  alertConditionProblems,
  nominalDays,
  windowText,
  type AlertRuleDto,
  type BurnRateCondition,
  type SloDetail,
  type SloWindow,
} from '@nines/contracts'
import { budgetShareOf, describeGuards, describePair } from '../model/evidence.ts'
import { formatDuration } from '../model/format-duration.ts'
import { formatRatio } from '../model/format-ratio.ts'

/** A rule as sentences, and what of it could never be true on this SLO. */
export function RuleText({ rule, slo }: { rule: AlertRuleDto; slo: SloDetail }) {
  const { condition } = rule
  const what = rule.severity === 'critical' ? 'Pages' : 'Opens an alert, without a page,'
  const problems = alertConditionProblems(condition, slo)
  return (
    <>
      {condition.kind === 'absence' ? (
        <>
          <p>
            {what} when nothing was measured for {formatDuration(condition.unmeasuredSeconds)}. A minute that was
            measured and holds no events is no silence.
          </p>
          <p className="muted">Resolves after {formatDuration(condition.resolveAfterSeconds)} of measurements.</p>
        </>
      ) : (
        <BurnText what={what} condition={condition} window={slo.window} />
      )}
      {problems.map(({ path, message }) => (
        <p key={path} className="is-bad">
          Pair {Number(path.split('/')[1]) + 1}: {path.split('/')[2] === 'factor' ? 'the factor' : 'a window'} {message}
        </p>
      ))}
    </>
  )
}

function BurnText({ what, condition, window }: { what: string; condition: BurnRateCondition; window: SloWindow }) {
  const { pairs, match, forSeconds, resolveAfterSeconds, clearBelow } = condition
  const guards = describeGuards({ ...condition, clearBelow: 1 })
  const conditions = [...(forSeconds > 0 ? [`held for ${formatDuration(forSeconds)}`] : []), ...guards]
  return (
    <>
      <p>
        {what} when {match === 'all' ? 'all of these are' : 'any of these is'} true
        {conditions.length > 0 && `, ${conditions.join(', ')}`}:
      </p>
      <ul style={{ margin: '6px 0', paddingLeft: 20 }}>
        {pairs.map((pair) => (
          <li key={`${pair.longSeconds} ${pair.shortSeconds} ${pair.factor}`}>
            {describePair(pair)}
            <span className="muted">
              , {formatRatio(budgetShareOf(pair, nominalDays(window)), 0)} of the budget of {windowText(window)}
            </span>
          </li>
        ))}
      </ul>
      <p className="muted">
        Resolves once {match === 'all' ? 'one' : 'each'} of them was below{' '}
        {clearBelow < 1 && `${Math.round(clearBelow * 100)} % of `}its factor for {formatDuration(resolveAfterSeconds)},
        and never while nothing is measured.
      </p>
    </>
  )
}
