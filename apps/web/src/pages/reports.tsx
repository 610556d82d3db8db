import { getSloReport, type SloReport } from '@nines/contracts'
import { Button, CopyButton } from '@mantine/core'
import { IconDownload, IconLink, IconPrinter } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import '../theme/reports.css'
import { isCustom, reportQuery, type ReportSearch } from '../model/report-search.ts'
import { PageHeader } from '../panels/page-header.tsx'
import { Empty, Failure, ListSkeleton, QueryView } from '../panels/query-view.tsx'
import { ReportControls } from '../panels/reports/report-controls.tsx'
import { ReportHead } from '../panels/reports/report-head.tsx'
import { ReportTeam } from '../panels/reports/report-team.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { useDownload } from '../queries/use-download.ts'

const route = getRouteApi('/w/$workspace/reports')

/** What every SLO kept of its promise over a period, to be read, saved and printed. */
export function ReportsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = reportQuery(search)
  const report = useApiQuery(getSloReport, { query }, { keepPrevious: true, asksOnce: true })
  const change = (changed: Partial<ReportSearch>) =>
    void navigate({ search: (old) => ({ ...old, ...changed }), replace: true })
  return (
    <>
      <PageHeader
        title="Reports"
        sub={<span>What every SLO kept of its promise</span>}
        actions={<ReportActions search={search} report={report.data} />}
      />
      <ReportControls search={search} report={report.data} onChange={change} />
      <QueryView query={report} name="The report" skeleton={<ListSkeleton rows={6} height={56} />}>
        {(data) => <ReportView report={data} outdated={report.isPlaceholderData} />}
      </QueryView>
    </>
  )
}

function ReportView({ report, outdated }: { report: SloReport; outdated: boolean }) {
  return (
    <div className="report" aria-busy={outdated} data-outdated={outdated || undefined}>
      <ReportHead report={report} />
      {report.teams.length === 0 ? (
        <Empty title="No SLO in this report">
          The selection has no SLO that existed in this time. Choose another team, service or period.
        </Empty>
      ) : (
        report.teams.map((team) => <ReportTeam key={team.team?.id ?? 'none'} team={team} period={report.period} />)
      )}
    </div>
  )
}

/** Files, paper and a link to the report as it is. */
function ReportActions({ search, report }: { search: ReportSearch; report: SloReport | undefined }) {
  const download = useDownload(getSloReport)
  if (report === undefined) return null
  const pinned = pinnedQuery(search, report)
  const save = (format: 'csv' | 'json') =>
    download.mutate({ input: { query: { ...pinned, format } }, name: `${fileName(report)}.${format}` })
  return (
    <>
      {download.isError && <Failure what="The file was not made." error={download.error} />}
      <CopyButton value={linkTo(search, report)}>
        {({ copied, copy }) => (
          <Button variant="default" leftSection={<IconLink size={14} />} onClick={copy}>
            {copied ? 'Link copied' : 'Copy link'}
          </Button>
        )}
      </CopyButton>
      {(['csv', 'json'] as const).map((format) => (
        <Button
          key={format}
          variant="default"
          leftSection={<IconDownload size={14} />}
          loading={download.isPending}
          onClick={() => save(format)}
        >
          {format.toUpperCase()}
        </Button>
      ))}
      <Button leftSection={<IconPrinter size={14} />} onClick={() => print()}>
        Print
      </Button>
    </>
  )
}

/** The query of the report on screen: whatever arrives meanwhile, the file holds the same figures. */
function pinnedQuery(search: ReportSearch, { asOf }: SloReport) {
  return { ...reportQuery(search), asOf: new Date(asOf).toISOString() }
}

/** The address at which this report is found again with the same figures. */
function linkTo(search: ReportSearch, report: SloReport): string {
  const { period, asOf } = report
  const url = new URL(location.href)
  const fixed: Record<string, string | undefined> = isCustom(search)
    ? { from: search.from, to: search.to }
    : { period: period.unit ?? undefined, date: search.date }
  for (const [key, value] of Object.entries({ ...fixed, zone: period.zone, asOf: new Date(asOf).toISOString() }))
    if (value !== undefined) url.searchParams.set(key, value)
  return url.href
}

function fileName({ workspace, period }: SloReport): string {
  return `slo-report-${workspace}-${period.label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
}
