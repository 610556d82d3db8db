import { listServices, listSlos, type SloDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconBulb, IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { burnOf } from '../model/evidence.ts'
import { formatDuration } from '../model/format-duration.ts'
import { formatBurn } from '../model/format-number.ts'
import { formatRatio, formatTarget } from '../model/format-ratio.ts'
import { searchLink } from '../model/search-link.ts'
import { shortWindowText } from '../model/window-text.ts'
import { BudgetBar } from '../panels/budget-bar.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { RecordTable, type RecordColumn } from '../panels/record-table.tsx'
import { ServiceFilter } from '../panels/service-filter.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { useMay, usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/slos')
const STATE_RANK = { bad: 0, unmeasured: 1, idle: 2, good: 3 } as const

function useColumns(): RecordColumn<SloDto>[] {
  const path = usePath()
  return [
    {
      key: 'name',
      title: 'SLO',
      head: true,
      sort: (slo) => slo.name,
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
      sort: (slo) => STATE_RANK[slo.status?.state ?? 'unmeasured'],
      render: (slo) => <StatusBadge of="data" state={slo.status?.state ?? 'unmeasured'} />,
    },
    {
      key: 'target',
      title: 'Target',
      numeric: true,
      sort: (slo) => slo.target,
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
      sort: (slo) => slo.status?.sli ?? null,
      render: (slo) => formatRatio(slo.status?.sli),
    },
    {
      key: 'budget',
      title: 'Error budget left',
      width: 230,
      sort: (slo) => slo.status?.budgetRemaining ?? null,
      render: (slo) => <BudgetBar remaining={slo.status?.budgetRemaining} />,
    },
    {
      key: 'burn',
      title: 'Burn, 1 h',
      numeric: true,
      sort: (slo) => burnOf(slo.status, 3600),
      render: (slo) => formatBurn(burnOf(slo.status, 3600)),
    },
    {
      key: 'exhaustion',
      title: 'Spent in',
      numeric: true,
      sort: (slo) => slo.status?.exhaustionSeconds ?? null,
      render: (slo) =>
        (slo.status?.budgetRemaining ?? 1) <= 0 ? 'Spent' : formatDuration(slo.status?.exhaustionSeconds),
    },
  ]
}

export function SlosPage() {
  const path = usePath()
  const mayEdit = useMay('editor')
  const { service } = route.useSearch()
  const navigate = route.useNavigate()
  const slos = useApiQuery(listSlos, { query: { serviceId: service } }, { keepPrevious: true })
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
            <ServiceFilter
              value={service}
              onChange={(value) => void navigate({ search: { service: value }, replace: true })}
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
          {({ items }) =>
            items.length === 0 ? (
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
              <RecordTable
                label="SLOs"
                records={items}
                columns={columns}
                idOf={(slo) => slo.id}
                initialSort={{ key: 'budget', direction: 'asc' }}
              />
            )
          }
        </QueryView>
      </Panel>
    </>
  )
}
