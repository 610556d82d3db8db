import { getSloReport as route } from '@nines/contracts'
import { loadSloReport } from '@nines/ledger'
import { handleFile, TextFile } from '../../http/handle.ts'
import { knownAt } from '../slos/slices-asked.ts'
import { askedPeriod } from './asked-period.ts'
import { sloReportCsv } from './slo-report-csv.ts'

export const getSloReport = handleFile(route, async ({ workspace, query, signal }, { prisma, telemetry }) => {
  const now = Date.now()
  const asOf = knownAt(query.asOf, now)
  const { period, previous } = askedPeriod(query, asOf)
  const team = query.team === 'none' ? null : query.team
  const { service } = query
  const report = await loadSloReport(
    { prisma, telemetry },
    { workspace, period, previous, team, service, asOf, now, signal },
  )
  if (query.format === 'json') return report
  const name = ['slo-report', workspace.slug, new Date(period.from).toISOString().slice(0, 10), period.unit ?? 'span']
  return new TextFile({ type: 'text/csv', name: `${name.join('-')}.csv`, text: sloReportCsv(report) })
})
