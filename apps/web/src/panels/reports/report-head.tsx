import type { SloReport } from '@nines/contracts'
import { formatDuration } from '../../model/format-duration.ts'
import { formatInstant } from '../../model/format-time.ts'
import { boundsText, periodTitle } from '../../model/report-text.ts'
import { useWorkspace } from '../../queries/workspace.tsx'
import { Figure } from '../panel.tsx'

/** What the report is about, on screen and on the first sheet of paper: its time, zone, knowledge and totals. */
export function ReportHead({ report }: { report: SloReport }) {
  const { name } = useWorkspace()
  const { period, totals, previousTotals, incidents, previousPeriod } = report
  const inZone = (at: number) => formatInstant(at, period.zone, 'full')
  return (
    <header className="report-head">
      <h2>
        SLO report, {periodTitle(period)}
        {!period.isOver && <span className="badge">Under way</span>}
      </h2>
      <dl className="report-facts">
        <Fact name="Workspace">{name}</Fact>
        <Fact name="Period">{boundsText(period, period.zone)}</Fact>
        <Fact name="Time zone">{period.zone}</Fact>
        {!period.isOver && <Fact name="Counted until">{inZone(period.until)}</Fact>}
        <Fact name="As known at">{inZone(report.asOf)}</Fact>
        <Fact name="Generated at">{inZone(report.generatedAt)}</Fact>
      </dl>
      <div className="figures">
        <Figure
          label="SLOs met"
          value={`${totals.met} of ${totals.slos}`}
          note={`${previousTotals.met} of ${previousTotals.slos} ${period.unit === null ? 'before' : `in ${previousPeriod.label}`}`}
        />
        <Figure
          label="Missed"
          value={totals.missed}
          {...(totals.missed > 0 && { tone: 'bad' as const })}
          note={`${previousTotals.missed} before`}
        />
        <Figure label="Unknown" value={totals.undefined} note={`${previousTotals.undefined} before`} />
        <Figure label="Incidents" value={incidents.count} note={`${incidents.resolved} resolved`} />
        <Figure
          label="Acknowledged in (median)"
          value={formatDuration(incidents.medianAcknowledgeSeconds)}
          note={`${incidents.acknowledged} acknowledged`}
        />
        <Figure
          label="Resolved in (median)"
          value={formatDuration(incidents.medianResolveSeconds)}
          note="from opening"
        />
      </div>
    </header>
  )
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
