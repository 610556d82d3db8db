import type { AbsenceEvidence, AlertDetail, BurnRateEvidence } from '@nines/contracts'
import { SegmentedControl } from '@mantine/core'
import { badEvents, burnFill, describeGuards, explainEvidence, formatChance } from '../model/evidence.ts'
import { formatDuration, formatWindow } from '../model/format-duration.ts'
import { formatBurn, formatCount, formatFactor } from '../model/format-number.ts'
import { formatBudget, formatTarget } from '../model/format-ratio.ts'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'
import { StatusBadge } from './status-badge.tsx'

interface EvidencePanelProps {
  alert: AlertDetail
  moment: 'fired' | 'now'
  onMoment: (moment: 'fired' | 'now') => void
}

/** Why it fired: every pair of windows with both burns against the factor, when it fired and by the newest evaluation. */
export function EvidencePanel({ alert, moment, onMoment }: EvidencePanelProps) {
  // What is true now says nothing about why it fired, so it never stands in for it.
  const evidence = moment === 'fired' && alert.firedAt !== null ? alert.firedEvidence : alert.evidence
  return (
    <Panel
      title={moment === 'fired' ? 'Why it fired' : 'The same rule now'}
      flush
      actions={
        <SegmentedControl
          aria-label="Moment of the evidence"
          value={moment}
          onChange={(value) => onMoment(value === 'now' ? 'now' : 'fired')}
          data={[
            { value: 'fired', label: 'When it fired' },
            { value: 'now', label: 'Newest' },
          ]}
        />
      }
    >
      {evidence === null ? (
        <p style={{ padding: 14 }}>The evaluation of this moment is not recorded.</p>
      ) : (
        <EvidenceOf evidence={evidence} />
      )}
    </Panel>
  )
}

function EvidenceOf({ evidence }: { evidence: AbsenceEvidence | BurnRateEvidence }) {
  return evidence.kind === 'absence' ? <Absence evidence={evidence} /> : <Burns evidence={evidence} />
}

function Absence({ evidence }: { evidence: AbsenceEvidence }) {
  const { measuredUntil, heardUntil, unmeasuredSeconds } = evidence
  const silentSeconds = measuredUntil === null ? null : Math.max(0, (heardUntil - measuredUntil) / 1000)
  return (
    <>
      <p style={{ padding: '14px 14px 4px', fontSize: 14 }}>
        {silentSeconds === null
          ? 'Nothing was ever measured within the window of the SLO.'
          : `Nothing was measured for ${formatDuration(silentSeconds)}; the rule allows ${formatDuration(unmeasuredSeconds)}.`}{' '}
        Minutes that were measured and hold no events are no silence.
      </p>
      <dl className="facts" style={{ padding: '4px 14px 14px' }}>
        <dt>Measured until</dt>
        <dd>{measuredUntil === null ? <span className="muted">Never</span> : <Instant at={measuredUntil} />}</dd>
        <dt>Received until</dt>
        <dd>
          <Instant at={heardUntil} /> is taken into account
        </dd>
        <dt>Evaluated</dt>
        <dd>
          <Instant at={evidence.at} /> · SLO version {evidence.sloVersion}, {formatBudget(evidence.budgetRemaining)} of
          the budget left
        </dd>
      </dl>
    </>
  )
}

function Burns({ evidence }: { evidence: BurnRateEvidence }) {
  const { guards, measuredUntil } = evidence
  const isBehind = measuredUntil !== null && evidence.at - measuredUntil >= 60_000
  const conditions = guards === undefined ? [] : describeGuards(guards)
  return (
    <>
      <p style={{ padding: '14px 14px 4px', fontSize: 14 }}>{explainEvidence(evidence)}</p>
      <p className="meta" style={{ padding: '0 14px 8px' }}>
        Evaluated <Instant at={evidence.at} /> · SLO version {evidence.sloVersion}, target{' '}
        {formatTarget(evidence.target)} · {formatBudget(evidence.budgetRemaining)} of the budget left
        {guards !== undefined && (
          <>
            <br />
            {[guards.match === 'all' ? 'all pairs together' : 'any one pair is enough', ...conditions].join(' · ')}
          </>
        )}
        {isBehind && (
          <>
            <br />
            Nothing is measured since <Instant at={measuredUntil} />: the windows end there.
          </>
        )}
      </p>
      <div className="mini-scroll">
        <table className="mini-table" aria-label="Window pairs">
          <thead>
            <tr>
              <th>Windows</th>
              <th className="right">Fires at</th>
              <th className="right">Burn, long</th>
              <th className="right">Burn, short</th>
              <th className="right wide-only">Bad of all, long</th>
              <th className="right wide-only" title="How likely so many bad events are while the target is exactly met">
                By chance
              </th>
              <th>Verdict</th>
            </tr>
          </thead>
          <tbody>
            {evidence.pairs.map((pair) => (
              <tr
                key={`${pair.longSeconds} ${pair.shortSeconds} ${pair.factor}`}
                className={pair.verdict === 'true' ? 'hit' : ''}
              >
                <th scope="row" className="num">
                  {formatWindow(pair.longSeconds)} and {formatWindow(pair.shortSeconds)}
                </th>
                <td className="right num">{formatFactor(pair.factor)}</td>
                <td>
                  <BurnCell burn={pair.long.burnRate} factor={pair.factor} />
                </td>
                <td>
                  <BurnCell burn={pair.short.burnRate} factor={pair.factor} />
                </td>
                <td className="right num wide-only">
                  {formatCount(badEvents(pair.long))} of {formatCount(pair.long.total)}
                </td>
                <td className="right num wide-only">{formatChance(pair.chance)}</td>
                <td>
                  <StatusBadge of="verdict" state={pair.verdict} bare />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** The bar ends at one and a half times the factor; the tick is the factor. */
function BurnCell({ burn, factor }: { burn: number | null; factor: number }) {
  return (
    <div className="burn-cell">
      <span className="num" style={{ textAlign: 'right' }}>
        {formatBurn(burn)}
      </span>
      <span className="burn-track" aria-hidden>
        <i
          className={burn !== null && burn >= factor ? 'over' : ''}
          style={{ width: `${burnFill(burn, factor) * 100}%` }}
        />
        <b />
      </span>
    </div>
  )
}
