import { listServices, listSlos, sloSort, type SloDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconBulb, IconPlus, IconSearch } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { burnOf } from '../model/evidence.ts'
import { formatDuration } from '../model/format-duration.ts'
import { formatBurn } from '../model/format-number.ts'
import { formatRatio, formatTarget } from '../model/format-ratio.ts'
import { searchLink } from '../model/search-link.ts'
import { shortWindowText } from '../model/window-text.ts'
import { BudgetBar } from '../panels/budget-bar.tsx'
import { CommitInput } from '../panels/commit-input.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { RecordPage, RECORDS_PER_PAGE, type RecordColumn } from '../panels/record-table.tsx'
import { ServiceFilter } from '../panels/service-filter.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { useMay, usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/slos')

function useColumns(): RecordColumn<SloDto>[] {
  const path = usePath()
  return [
    {
      key: 'name',
      title: 'SLO',
      head: true,
      sort: 'elsewhere',
      render: (slo) => (
        <>
          <Link to={path(`/slos/${slo.id}`)} className="plain-link">
            {slo.name}
          </Link>
          <div className="meta">{slo.service.name}</div>
        </>
      ),
    },
    {
      key: 'state',
      title: 'State',
      width: 130,
      sort: 'elsewhere',
      render: (slo) => <StatusBadge of="data" state={slo.status?.state ?? 'unmeasured'} />,
    },
    {
      key: 'target',
      title: 'Target',
      numeric: true,
      sort: 'elsewhere',
      render: (slo) => (
        <>
          {formatTarget(slo.target)} <span className="muted">/ {shortWindowText(slo.window)}</span>
        </>
      ),
    },
    {
      key: 'sli',
      title: 'SLI',
      numeric: true,
      sort: 'elsewhere',
      render: (slo) => formatRatio(slo.status?.sli),
    },
    {
      key: 'budget',
      title: 'Error budget left',
      width: 230,
      sort: 'elsewhere',
      render: (slo) => <BudgetBar remaining={slo.status?.budgetRemaining} />,
    },
    {
      key: 'burn',
      title: 'Burn, 1 h',
      numeric: true,
      sort: 'elsewhere',
      render: (slo) => formatBurn(burnOf(slo.status, 3600)),
    },
    {
      key: 'exhaustion',
      title: 'Spent in',
      numeric: true,
      sort: 'elsewhere',
      render: (slo) =>
        (slo.status?.budgetRemaining ?? 1) <= 0 ? 'Spent' : formatDuration(slo.status?.exhaustionSeconds),
    },
  ]
}

export function SlosPage() {
  const path = usePath()
  const mayEdit = useMay('editor')
  const asked = route.useSearch()
  const { service, search, sort = 'budget', direction = 'asc', page = 1 } = asked
  const navigate = route.useNavigate()
  // Another order or choice begins at its first page.
  const show = (change: Partial<typeof asked>) =>
    void navigate({ search: { ...asked, page: undefined, ...change }, replace: true })
  const query = { serviceId: service, search, sort, direction, page, limit: RECORDS_PER_PAGE }
  const slos = useApiQuery(listSlos, { query }, { keepPrevious: true })
  const services = useApiQuery(listServices, {})
  const columns = useColumns()
  const suggestions = searchLink(path('/slos/suggestions'), { service })
  return (
    <>
      <PageHeader
        title="SLOs"
        sub="What users were promised, and how much of the promise is left"
        actions={
          <>
            <CommitInput
              size="xs"
              aria-label="Search by name"
              placeholder="Search by name"
              leftSection={<IconSearch size={14} aria-hidden />}
              value={search ?? ''}
              onCommit={(value) => show({ search: value === '' ? undefined : value })}
            />
            <ServiceFilter
              value={service}
              onChange={(value) => show({ service: value })}
              services={(services.data?.items ?? []).map((s) => ({ value: s.id, label: s.name }))}
            />
            <Button component={Link} variant="default" to={suggestions} leftSection={<IconBulb size={14} />}>
              Suggestions
            </Button>
            {mayEdit && (
              <Button component={Link} to={path('/slos/new')} leftSection={<IconPlus size={14} />}>
                New SLO
              </Button>
            )}
          </>
        }
      />
      <Panel flush>
        <QueryView query={slos} name="SLOs">
          {({ items, total }) =>
            total === 0 && search !== undefined ? (
              <Empty
                title="No SLO is called that"
                action={
                  <Button variant="default" onClick={() => show({ search: undefined })}>
                    Show all
                  </Button>
                }
              >
                Every word has to be in the name of the SLO or of its service.
              </Empty>
            ) : total === 0 ? (
              <Empty
                title="No SLOs here"
                action={
                  <Button component={Link} to={suggestions}>
                    Suggest from telemetry
                  </Button>
                }
              >
                An SLO states how good a service must be for its users, for example 99.9 % of requests succeed over 30
                days. Nines measures it from your metrics or checks and pages when the error budget burns too fast.
              </Empty>
            ) : (
              <RecordPage
                label="SLOs"
                records={items}
                columns={columns}
                idOf={(slo) => slo.id}
                total={total}
                page={page}
                onPage={(next) => show({ page: next })}
                sort={{ key: sort, direction }}
                onSort={(next) => show({ sort: sloSort.parse(next.key), direction: next.direction })}
              />
            )
          }
        </QueryView>
      </Panel>
    </>
  )
}
