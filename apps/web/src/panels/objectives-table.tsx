import { windowText, type ObjectiveStatus, type SloDetail } from '@nines/contracts'
import { formatDuration } from '../model/format-duration.ts'
import { formatCount } from '../model/format-number.ts'
import { formatBudget, formatRatio, formatTarget } from '../model/format-ratio.ts'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'

/** All objectives of an SLO side by side, the one that alert rules watch first. */
export function ObjectivesTable({ slo }: { slo: SloDetail }) {
  const { status } = slo
  if (status === null) return null
  return (
    <Panel
      title="Objectives"
      flush
      note="By calendar, the whole period's budget counts events that are still to come as if they came as often as so far."
    >
      <div className="mini-scroll">
        <table className="mini-table" aria-label="Objectives">
          <thead>
            <tr>
              <th>Objective</th>
              <th>Since</th>
              <th className="right">Bad events</th>
              <th className="right">SLI</th>
              <th className="right">Budget left</th>
              <th className="right">Left to date</th>
              <th className="right">Spent in</th>
            </tr>
          </thead>
          <tbody>
            {[status, ...status.furtherObjectives].map((objective) => (
              <Row key={`${objective.target} ${windowText(objective.window)}`} objective={objective} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function Row({ objective }: { objective: ObjectiveStatus }) {
  const { target, window, from, good, total, sli, budgetRemaining, budgetRemainingToDate } = objective
  return (
    <tr>
      <th scope="row">
        {formatTarget(target)} <span className="muted">{windowText(window)}</span>
      </th>
      <td>
        <Instant at={from} />
      </td>
      <td className="right num">{formatCount(total - good)}</td>
      <td className="right num">{formatRatio(sli)}</td>
      <td className="right num">{formatBudget(budgetRemaining)}</td>
      <td className="right num">{formatBudget(budgetRemainingToDate)}</td>
      <td className="right num">{formatDuration(objective.exhaustionSeconds)}</td>
    </tr>
  )
}
