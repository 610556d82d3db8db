import { getServiceGraph, getServiceHealth, type ResponseOf } from '@nines/contracts'
import { Link } from '@tanstack/react-router'
import { formatCount, formatRate } from '../../model/format-number.ts'
import { formatSpan } from '../../model/format-span.ts'
import { logsLink } from '../../model/logs-search.ts'
import { callsPerMinute, errorShare, formatErrorShare } from '../../model/service-figures.ts'
import type { ServiceEdge } from '../../model/service-map.ts'
import { spanBody, type Span, type SpanSearch } from '../../model/span-search.ts'
import { tracesLink } from '../../model/traces-search.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { usePath } from '../../queries/workspace.tsx'
import { Panel } from '../panel.tsx'
import { Empty, ListSkeleton, QueryView } from '../query-view.tsx'
import { RecordTable, type RecordColumn } from '../record-table.tsx'
import { ServiceMap } from './service-map.tsx'

type Health = ResponseOf<typeof getServiceHealth>['items'][number]

interface ServiceMapViewProps {
  span: Span
  /** Carried over into links. */
  time: SpanSearch
  onOpen: (service: string) => void
}

/** How services call each other in the time range, and how each does now. */
export function ServiceMapView({ span, time, onOpen }: ServiceMapViewProps) {
  const graph = useApiQuery(getServiceGraph, { query: spanBody(span) }, { keepPrevious: true })
  const health = useApiQuery(getServiceHealth, { query: {} })
  const minutes = (span.to - span.from) / 60_000
  return (
    <div className="stack">
      <QueryView query={graph} name="The service map" skeleton={<ListSkeleton rows={2} height={140} />}>
        {({ edges }) =>
          edges.length === 0 ? (
            <Panel title="Calls between services">
              <Empty title="No calls between services in this time">
                A call shows up when both sides send their spans: the caller its client span, the callee its server span
                below it. Calls are counted a minute or two after they were made.
              </Empty>
            </Panel>
          ) : (
            <>
              <Panel title="Calls between services" flush>
                <ServiceMap edges={edges} minutes={minutes} onOpen={onOpen} />
              </Panel>
              <EdgeTable edges={edges} minutes={minutes} />
            </>
          )
        }
      </QueryView>
      <Panel
        title="Services now"
        flush
        note="Requests that each service answered, from its spans of the last five minutes."
      >
        <QueryView query={health} name="Figures of services">
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No requests in the last five minutes">
                Rate, errors and duration come from server spans.
              </Empty>
            ) : (
              <HealthTable items={items} time={time} />
            )
          }
        </QueryView>
      </Panel>
    </div>
  )
}

function EdgeTable({ edges, minutes }: { edges: readonly ServiceEdge[]; minutes: number }) {
  const columns: RecordColumn<ServiceEdge>[] = [
    {
      key: 'call',
      title: 'Call',
      head: true,
      sort: ({ client }) => client,
      render: ({ client, server }) => (
        <>
          {client} <span className="muted">→</span> {server}
        </>
      ),
    },
    {
      key: 'rate',
      title: 'Calls',
      numeric: true,
      sort: ({ calls }) => calls,
      render: ({ calls }) => callsPerMinute(calls, minutes),
    },
    {
      key: 'calls',
      title: 'In all',
      numeric: true,
      sort: ({ calls }) => calls,
      render: ({ calls }) => formatCount(calls),
    },
    {
      key: 'errors',
      title: 'Failed',
      numeric: true,
      sort: errorShare,
      render: (edge) => (
        <span className={errorShare(edge) >= 0.01 ? 'is-bad' : ''}>{formatErrorShare(errorShare(edge))}</span>
      ),
    },
    {
      key: 'mean',
      title: 'Mean duration',
      numeric: true,
      sort: ({ meanMs }) => meanMs,
      render: ({ meanMs }) => formatSpan(meanMs),
    },
  ]
  return (
    <Panel flush>
      <RecordTable
        label="Calls between services"
        records={edges}
        columns={columns}
        idOf={({ client, server }) => `${client}\n${server}`}
        initialSort={{ key: 'rate', direction: 'desc' }}
      />
    </Panel>
  )
}

function HealthTable({ items, time }: { items: readonly Health[]; time: SpanSearch }) {
  const path = usePath()
  const seconds = (value: number | null) => (value === null ? '–' : formatSpan(value * 1000))
  const columns: RecordColumn<Health>[] = [
    {
      key: 'service',
      title: 'Service',
      head: true,
      sort: ({ service }) => service,
      render: ({ service }) => <strong>{service}</strong>,
    },
    {
      key: 'rate',
      title: 'Requests',
      numeric: true,
      sort: ({ requestsPerSecond }) => requestsPerSecond,
      render: ({ requestsPerSecond }) => formatRate(requestsPerSecond),
    },
    {
      key: 'errors',
      title: 'Failed',
      numeric: true,
      sort: ({ errorRatio }) => errorRatio,
      render: ({ errorRatio }) => (
        <span className={(errorRatio ?? 0) >= 0.01 ? 'is-bad' : ''}>{formatErrorShare(errorRatio)}</span>
      ),
    },
    { key: 'p50', title: 'p50', numeric: true, sort: ({ p50 }) => p50, render: ({ p50 }) => seconds(p50) },
    { key: 'p95', title: 'p95', numeric: true, sort: ({ p95 }) => p95, render: ({ p95 }) => seconds(p95) },
    { key: 'p99', title: 'p99', numeric: true, sort: ({ p99 }) => p99, render: ({ p99 }) => seconds(p99) },
    {
      key: 'links',
      title: '',
      width: 130,
      render: ({ service }) => (
        <span className="row-links">
          <Link to={path(tracesLink({ ...time, service }))}>Traces</Link>
          <Link to={path(logsLink({ ...time, service: [service] }))}>Logs</Link>
        </span>
      ),
    },
  ]
  return (
    <RecordTable
      label="Services now"
      records={items}
      columns={columns}
      idOf={({ service }) => service}
      initialSort={{ key: 'rate', direction: 'desc' }}
    />
  )
}
