import {
  windowText,
  type ReportedObjective,
  type ReportedSlo,
  type ReportedTeam,
  type SloReport,
} from '@nines/contracts'
import { csvText, type CsvCell } from './csv-text.ts'

interface Row {
  report: SloReport
  team: ReportedTeam['team']
  slo: ReportedSlo
  row: ReportedObjective
}

type Column = [header: string, value: (of: Row) => CsvCell]

/** In this order for ever: new columns go to the end. Instants are RFC 3339 in UTC. */
const COLUMNS: Column[] = [
  ['period_from', ({ report }) => iso(report.period.from)],
  ['period_to', ({ report }) => iso(report.period.to)],
  ['counted_until', ({ report }) => iso(report.period.until)],
  ['period_zone', ({ report }) => report.period.zone],
  ['as_of', ({ report }) => iso(report.asOf)],
  ['team', ({ team }) => team?.name ?? null],
  ['service', ({ slo }) => slo.service.name],
  ['slo', ({ slo }) => slo.name],
  ['slo_id', ({ slo }) => slo.sloId],
  ['objective', ({ row }) => row.objective],
  ['sli_kind', ({ row }) => row.sliKind],
  ['window', ({ row }) => windowText(row.window)],
  ['versions', ({ row }) => row.versions.map(({ version }) => version).join(';')],
  ['row_from', ({ row }) => iso(row.from)],
  ['row_to', ({ row }) => iso(row.to)],
  ['target_ratio', ({ row }) => row.target],
  ['result', ({ row }) => row.result],
  ['sli_ratio', ({ row }) => row.sli],
  ['good_events', ({ row }) => row.good],
  ['total_events', ({ row }) => row.total],
  ['budget_events', ({ row }) => row.budget.events],
  ['budget_minutes', ({ row }) => row.budget.minutes],
  ['budget_outage_seconds', ({ row }) => row.budget.outageSeconds],
  ['consumed_events', ({ row }) => row.consumed.events],
  ['consumed_minutes', ({ row }) => row.consumed.minutes],
  ['consumed_outage_seconds', ({ row }) => row.consumed.outageSeconds],
  ['consumed_ratio', ({ row }) => row.consumed.share],
  ['left_events', ({ row }) => row.left.events],
  ['left_minutes', ({ row }) => row.left.minutes],
  ['left_outage_seconds', ({ row }) => row.left.outageSeconds],
  ['left_ratio', ({ row }) => row.left.share],
  ['incident_events', ({ row }) => spentBy(row, 'incident')],
  ['maintenance_events', ({ row }) => spentBy(row, 'maintenance')],
  ['change_events', ({ row }) => spentBy(row, 'change')],
  ['unattributed_events', ({ row }) => spentBy(row, 'unattributed')],
  ['expected_minutes', ({ row }) => row.coverage.minutes],
  ['measured_minutes', ({ row }) => row.coverage.measured],
  ['coverage_ratio', ({ row }) => row.coverage.share],
  ['excluded_minutes', ({ row }) => row.corrected.excludedMinutes],
  ['counted_as_good_minutes', ({ row }) => row.corrected.goodMinutes],
  ['corrected_bad_events', ({ row }) => row.corrected.badEvents],
  ['incidents', ({ slo }) => slo.incidents.count],
  ['median_acknowledge_seconds', ({ slo }) => slo.incidents.medianAcknowledgeSeconds],
  ['median_resolve_seconds', ({ slo }) => slo.incidents.medianResolveSeconds],
  ['previous_result', ({ row }) => row.previous?.result ?? null],
  ['previous_sli_ratio', ({ row }) => row.previous?.sli ?? null],
  ['previous_consumed_ratio', ({ row }) => row.previous?.consumedShare ?? null],
  ['sli_change_ratio', ({ row }) => row.previous?.sliChange ?? null],
  ['combine', ({ row }) => row.composite?.combine ?? null],
  ['members', ({ row }) => row.composite?.members.map(({ name, version }) => `${name} v${version}`).join(';') ?? null],
]

/** A report as CSV: a header that names units, then a row for each objective, in the report's order. */
export function sloReportCsv(report: SloReport): string {
  const rows = report.teams.flatMap(({ team, slos }) =>
    slos.flatMap((slo) => slo.objectives.map((row): Row => ({ report, team, slo, row }))),
  )
  const header = COLUMNS.map(([name]) => name)
  return csvText([header, ...rows.map((row) => COLUMNS.map(([, value]) => value(row)))])
}

function spentBy({ spend }: ReportedObjective, kind: ReportedObjective['spend'][number]['kind']): number | null {
  return spend.find((one) => one.kind === kind)?.events ?? null
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
