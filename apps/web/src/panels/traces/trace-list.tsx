import type { ResponseOf, searchTraces } from '@nines/contracts'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { formatCount } from '../../model/format-number.ts'
import { formatSpan } from '../../model/format-span.ts'
import { serviceColours } from '../../model/service-colours.ts'
import { usePath } from '../../queries/workspace.tsx'
import { Instant } from '../instant.tsx'
import { RecordTable, type RecordColumn } from '../record-table.tsx'
import { ServiceName } from '../service-name.tsx'

type Trace = ResponseOf<typeof searchTraces>['items'][number]

/** Traces in the order they were asked for, each with its duration as a bar beside the longest. */
export function TraceList({ traces }: { traces: readonly Trace[] }) {
  const columns = useColumns(traces)
  return <RecordTable label="Traces" records={traces} columns={columns} idOf={(trace) => trace.traceId} />
}

function useColumns(traces: readonly Trace[]): RecordColumn<Trace>[] {
  const path = usePath()
  const longest = Math.max(...traces.map(({ durationMs }) => durationMs))
  const colours = serviceColours(traces.flatMap(({ services }) => services).sort())
  return [
    {
      key: 'trace',
      title: 'Trace',
      head: true,
      render: (trace) => (
        <div className="trace-cell">
          <Link to={path(`/traces/${trace.traceId}`)} className="plain-link">
            {trace.rootOperation === '' ? '(unnamed)' : trace.rootOperation}
          </Link>
          <ServiceName name={trace.rootService} colour={colours.get(trace.rootService)} />
        </div>
      ),
    },
    {
      key: 'duration',
      title: 'Duration',
      width: 220,
      render: (trace) => (
        <div className="duration-cell">
          <span className="num">{formatSpan(trace.durationMs)}</span>
          <span className="duration-track wide-only" aria-hidden>
            <i
              className={trace.errors > 0 ? 'bad' : ''}
              style={{ width: `${Math.max(1, (trace.durationMs / longest) * 100)}%` }}
            />
          </span>
        </div>
      ),
    },
    {
      key: 'errors',
      title: 'Errors',
      width: 90,
      render: (trace) =>
        trace.errors === 0 ? (
          <span className="muted">None</span>
        ) : (
          <span className="badge bad">
            <IconAlertTriangle size={13} aria-hidden /> <span className="num">{formatCount(trace.errors)}</span>
          </span>
        ),
    },
    { key: 'spans', title: 'Spans', numeric: true, width: 80, render: (trace) => formatCount(trace.spans) },
    {
      key: 'services',
      title: 'Services',
      render: ({ services }) => (
        <div className="service-names">
          {services.slice(0, 4).map((service) => (
            <ServiceName key={service} name={service} colour={colours.get(service)} />
          ))}
          {services.length > 4 && <span className="muted">and {services.length - 4} more</span>}
        </div>
      ),
    },
    { key: 'started', title: 'Started', width: 170, render: (trace) => <Instant at={trace.startedAt} /> },
  ]
}
