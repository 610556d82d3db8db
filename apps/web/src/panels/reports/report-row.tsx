import type { ReportAmount, ReportedObjective, ReportedSlo } from '@nines/contracts'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { formatDuration } from '../../model/format-duration.ts'
import { formatCount } from '../../model/format-number.ts'
import { formatBudget, formatRatio, formatTarget } from '../../model/format-ratio.ts'
import { LEDGER_KIND } from '../../model/ledger.ts'
import { formatPoints, rowNotes } from '../../model/report-text.ts'
import { shortWindowText } from '../../model/window-text.ts'
import { usePath } from '../../queries/workspace.tsx'
import { StatusBadge } from '../status-badge.tsx'

interface ReportRowProps {
  slo: ReportedSlo
  row: ReportedObjective
  /** The first row of its SLO has what concerns all of them. */
  isFirst: boolean
}

/** One objective. On a narrow screen its cells become lines with their names in front. */
export function ReportRow({ slo, row, isFirst }: ReportRowProps) {
  const { budget, consumed, left, coverage, previous } = row
  return (
    <tr>
      <th scope="row">
        <Name slo={slo} row={row} isFirst={isFirst} />
      </th>
      <td data-label="Result">
        <StatusBadge of="report" state={row.result} />
      </td>
      <Cell label="SLI" notes={[`target ${formatTarget(row.target)}`]}>
        {formatRatio(row.sli)}
      </Cell>
      <Cell label="Bad events" notes={allowedLines(row)}>
        {formatCount(consumed.events)}
      </Cell>
      <Cell label="Budget consumed" notes={outageLines(consumed, budget.outageSeconds)}>
        {formatBudget(consumed.share)}
      </Cell>
      <Cell label="Budget left" notes={outageLines(left)}>
        <span className={left.share !== null && left.share < 0 ? 'is-bad' : ''}>{formatBudget(left.share)}</span>
      </Cell>
      <td data-label="What spent it">
        <Spend row={row} />
      </td>
      <Cell label="Period before" notes={previous === null ? [] : [formatPoints(previous.sliChange)]}>
        {previous === null ? '–' : formatRatio(previous.sli)}
      </Cell>
      <Cell label="Incidents" notes={isFirst && slo.incidents.count > 0 ? timeLines(slo.incidents) : []}>
        {isFirst ? slo.incidents.count : ''}
      </Cell>
      <Cell label="Measured">{formatRatio(coverage.share, 1)}</Cell>
    </tr>
  )
}

function Name({ slo, row, isFirst }: ReportRowProps) {
  const path = usePath()
  const notes = rowNotes(row)
  if (slo.archivedAt !== null) notes.unshift('archived')
  return (
    <>
      {isFirst ? (
        <Link to={path(`/slos/${slo.sloId}`)} className="plain-link">
          {slo.name}
        </Link>
      ) : (
        <span className="muted">{slo.name}</span>
      )}
      <div className="meta">
        {slo.service.name} ·{' '}
        <span className="num">
          {formatTarget(row.target)} / {shortWindowText(row.window)}
        </span>
      </div>
      {notes.map((note) => (
        <div key={note} className="meta">
          {note}
        </div>
      ))}
    </>
  )
}

const NO_NOTES: readonly string[] = []

function Cell({
  label,
  notes = NO_NOTES,
  children,
}: {
  label: string
  notes?: readonly string[]
  children: ReactNode
}) {
  return (
    <td className="right num" data-label={label}>
      <div>{children}</div>
      {notes.length > 0 && (
        <div className="meta report-notes">
          {notes.map((note) => (
            <span key={note}>{note}</span>
          ))}
        </div>
      )}
    </td>
  )
}

/** How many events may be bad, and of how many. Slices of time are said in minutes too. */
function allowedLines({ budget, total, composite }: ReportedObjective): string[] {
  const unit = budget.minutes === null ? '' : composite === null ? ' slices' : ' minutes'
  if (budget.events === null) return ['no events']
  const inTime = budget.minutes === null ? '' : ` (${formatDuration(budget.minutes * 60)})`
  return [`of ${formatCount(total)}${unit}`, `${formatCount(Math.floor(budget.events))} allowed${inTime}`]
}

/** An amount as time of full outage. */
function outageLines(amount: ReportAmount, of?: number | null): string[] {
  if (amount.outageSeconds === null) return []
  const whole = of === undefined || of === null ? [] : [`of ${formatDuration(of)} outage`]
  return [formatDuration(amount.outageSeconds), ...whole]
}

function timeLines({ medianAcknowledgeSeconds, medianResolveSeconds }: ReportedSlo['incidents']): string[] {
  return [`ack ${formatDuration(medianAcknowledgeSeconds)}`, `end ${formatDuration(medianResolveSeconds)}`]
}

function Spend({ row: { spend, consumed } }: { row: ReportedObjective }) {
  const parts = spend.filter(({ units }) => units > 0)
  if (parts.length === 0) return <span className="muted">{consumed.events === null ? '–' : 'Nothing was spent'}</span>
  const whole = parts.reduce((sum, { units }) => sum + units, 0)
  return (
    <div className="report-spend">
      <div className="ledger-bar" aria-hidden>
        {parts.map(({ kind, units }) => (
          <span key={kind} className={`ledger-part ${kind}`} style={{ width: `${(units / whole) * 100}%` }} />
        ))}
      </div>
      {parts.map(({ kind, share }) => (
        <div key={kind} className="meta">
          <i className={`ledger-swatch ${kind}`} aria-hidden /> {LEDGER_KIND[kind]}{' '}
          <span className="num">{formatBudget(share)}</span>
        </div>
      ))}
    </div>
  )
}
