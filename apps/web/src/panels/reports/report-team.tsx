import '../../theme/ledger.css'
import type { ReportedTeam, SloReport } from '@nines/contracts'
import { boundsText, incidentsText, periodTitle, teamName } from '../../model/report-text.ts'
import { Panel } from '../panel.tsx'
import { ReportRow } from './report-row.tsx'

/** The SLOs of one team. Each begins a sheet of paper. */
export function ReportTeam({ team, period }: { team: ReportedTeam; period: SloReport['period'] }) {
  const name = teamName(team.team)
  return (
    <section className="report-team" aria-label={name}>
      <p className="report-running-head" aria-hidden>
        {name} · {periodTitle(period)} · {boundsText(period, period.zone)}
        {period.zone !== 'UTC' && ` (${period.zone})`}
      </p>
      <Panel title={name} actions={<span className="meta">{totalsText(team)}</span>} flush>
        <table className="mini-table report-table" aria-label={`SLOs of ${name}`}>
          <thead>
            <tr>
              <th>SLO</th>
              <th>Result</th>
              <th className="right">SLI</th>
              <th className="right">Bad events</th>
              <th className="right">Budget consumed</th>
              <th className="right">Budget left</th>
              <th>What spent it</th>
              <th className="right">Period before</th>
              <th className="right">Incidents</th>
              <th className="right">Measured</th>
            </tr>
          </thead>
          <tbody>
            {team.slos.flatMap((slo) =>
              slo.objectives.map((row, i) => (
                <ReportRow key={`${slo.sloId} ${row.objective} ${row.from}`} slo={slo} row={row} isFirst={i === 0} />
              )),
            )}
          </tbody>
        </table>
      </Panel>
    </section>
  )
}

function totalsText({ totals, incidents }: ReportedTeam): string {
  const parts = [`${totals.met} met`]
  if (totals.missed > 0) parts.push(`${totals.missed} missed`)
  if (totals.undefined > 0) parts.push(`${totals.undefined} unknown`)
  return `${parts.join(', ')} of ${totals.slos} ${totals.slos === 1 ? 'SLO' : 'SLOs'} · ${incidentsText(incidents)}`
}
