import type { ChangeDto } from '@nines/contracts'
import { getRouteApi, Link } from '@tanstack/react-router'
import { changeSeconds, changesLink } from '../../model/changes-search.ts'
import { formatDuration } from '../../model/format-duration.ts'
import { CHANGE_KIND } from '../../model/words.ts'
import { usePath } from '../../queries/workspace.tsx'
import { Instant } from '../instant.tsx'
import { RecordTable, type RecordColumn } from '../record-table.tsx'

const route = getRouteApi('/w/$workspace/changes')

/** Changes, newest first; the title of each opens what came of it. */
export function ChangeTable({ changes }: { changes: readonly ChangeDto[] }) {
  const columns = useColumns()
  return <RecordTable label="Changes" records={changes} columns={columns} idOf={(change) => change.id} />
}

const none = <span className="muted">–</span>

function useColumns(): RecordColumn<ChangeDto>[] {
  const path = usePath()
  const search = route.useSearch()
  return [
    { key: 'started', title: 'Started', sort: (c) => c.startedAt, render: (c) => <Instant at={c.startedAt} /> },
    {
      key: 'title',
      title: 'Change',
      head: true,
      sort: (change) => change.title,
      render: (change) => (
        <>
          <Link to={path(changesLink({ ...search, change: change.id }))} replace className="plain-link wrap-anywhere">
            {change.title}
          </Link>
          <div className="meta">
            {CHANGE_KIND[change.kind]}
            {change.source === 'spans' && ', seen in spans'}
          </div>
        </>
      ),
    },
    {
      key: 'service',
      title: 'Service',
      sort: (change) => change.service?.name ?? change.serviceName,
      render: ({ service, serviceName }) =>
        service === null ? (
          <span className="wrap-anywhere" title="Not in the catalogue">
            {serviceName}
          </span>
        ) : (
          <Link to={path(`/slos?service=${service.id}`)}>{service.name}</Link>
        ),
    },
    {
      key: 'environment',
      title: 'Environment',
      has: (change) => change.environment !== '',
      sort: (change) => change.environment,
      render: (change) => (change.environment === '' ? none : change.environment),
    },
    {
      key: 'version',
      title: 'Version',
      has: (change) => change.version !== null,
      sort: (change) => change.version,
      render: (change) =>
        change.version === null ? none : <span className="mono wrap-anywhere">{change.version}</span>,
    },
    {
      key: 'author',
      title: 'By',
      has: (change) => change.author !== null,
      sort: (change) => change.author,
      render: (change) => change.author ?? none,
    },
    {
      key: 'took',
      title: 'Took',
      numeric: true,
      has: (change) => change.endedAt !== null,
      sort: changeSeconds,
      render: (change) => formatDuration(changeSeconds(change)),
    },
  ]
}
