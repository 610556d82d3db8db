import { listChecks, type CheckDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { formatWindow } from '../model/format-duration.ts'
import { formatMillis } from '../model/format-number.ts'
import { formatRatio } from '../model/format-ratio.ts'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { RecordTable, type RecordColumn } from '../panels/record-table.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { useMay, usePath } from '../queries/workspace.tsx'

/** A check's state for a person: paused wins over its last run. */
export function runState(check: CheckDto): 'passed' | 'failed' | 'none' | 'paused' {
  if (!check.enabled) return 'paused'
  if (check.lastRun === null) return 'none'
  return check.lastRun.ok ? 'passed' : 'failed'
}

function useColumns(): RecordColumn<CheckDto>[] {
  const path = usePath()
  return [
    {
      key: 'state',
      title: 'Last run',
      width: 130,
      sort: runState,
      render: (check) => <StatusBadge of="run" state={runState(check)} />,
    },
    {
      key: 'name',
      title: 'Check',
      head: true,
      sort: (check) => check.name,
      render: (check) => (
        <>
          <Link to={path(`/checks/${check.id}`)} className="plain-link">
            {check.name}
          </Link>
          <div className="meta wrap-anywhere">
            {check.config.method} {check.config.url}
          </div>
        </>
      ),
    },
    { key: 'service', title: 'Service', render: (check) => check.service?.name ?? <span className="muted">–</span> },
    {
      key: 'uptime',
      title: 'Passed, 24 h',
      numeric: true,
      sort: (check) => check.uptime24h,
      render: (check) => formatRatio(check.uptime24h),
    },
    {
      key: 'duration',
      title: 'Took',
      numeric: true,
      sort: (check) => check.lastRun?.durationMs ?? null,
      render: (check) => formatMillis(check.lastRun?.durationMs),
    },
    {
      key: 'interval',
      title: 'Every',
      numeric: true,
      sort: (check) => check.intervalSeconds,
      render: (check) => formatWindow(check.intervalSeconds),
    },
    { key: 'ran', title: 'Ran', render: (check) => <Instant at={check.lastRun?.startedAt} ago /> },
  ]
}

export function ChecksPage() {
  const path = usePath()
  const mayEdit = useMay('editor')
  const checks = useApiQuery(listChecks, {})
  const columns = useColumns()
  const create = (label: string) => (
    <Button component={Link} to={path('/checks/new')} leftSection={<IconPlus size={14} />}>
      {label}
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Checks"
        sub="Synthetic requests, made from outside, that feed availability SLOs"
        actions={mayEdit && create('New check')}
      />
      <Panel flush>
        <QueryView query={checks} name="Checks">
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No checks yet" action={mayEdit && create('Create a check')}>
                A check asks a URL again and again, as a user would, and says whether the answer was right and fast
                enough. An availability SLO counts its runs.
              </Empty>
            ) : (
              <RecordTable
                label="Checks"
                records={items}
                columns={columns}
                idOf={(check) => check.id}
                initialSort={{ key: 'name', direction: 'asc' }}
              />
            )
          }
        </QueryView>
      </Panel>
    </>
  )
}
