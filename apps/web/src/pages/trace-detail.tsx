import { getTrace, type ResponseOf } from '@nines/contracts'
import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconAlertTriangle } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import '../theme/logs.css'
import '../theme/traces.css'
import { formatCount } from '../model/format-number.ts'
import { formatSpan } from '../model/format-span.ts'
import { serviceColours } from '../model/service-colours.ts'
import { criticalMillis, layOutTrace, type WaterfallRow } from '../model/waterfall.ts'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { ListSkeleton, QueryView } from '../panels/query-view.tsx'
import { ServiceName } from '../panels/service-name.tsx'
import { SpanDetail } from '../panels/traces/span-detail.tsx'
import { TraceLogs } from '../panels/traces/trace-logs.tsx'
import { WaterfallView } from '../panels/traces/waterfall.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/traces/$traceId')

export function TraceDetailPage() {
  const { traceId } = route.useParams()
  const trace = useApiQuery(getTrace, { params: { id: traceId } })
  return (
    <QueryView query={trace} name="The trace" skeleton={<ListSkeleton rows={12} height={28} />}>
      {(data) => <TraceView key={data.traceId} data={data} />}
    </QueryView>
  )
}

function TraceView({ data }: { data: ResponseOf<typeof getTrace> }) {
  const path = usePath()
  const { span: selected } = route.useSearch()
  const navigate = route.useNavigate()
  const narrow = useMediaQuery('(max-width: 75em)', undefined, { getInitialValueInEffect: false })
  const trace = useMemo(() => layOutTrace(data.spans), [data])
  const colours = useMemo(() => serviceColours(trace.services), [trace])
  const select = (span: string | undefined) => void navigate({ search: { span }, replace: true })
  const row = trace.rows.find(({ span }) => span.spanId === selected)
  const root = trace.rows[0]
  const detail = row !== undefined && (
    <SpanDetail row={row} colour={colours.get(row.span.service)} onClose={() => select(undefined)} />
  )
  return (
    <>
      <PageHeader
        title={root?.span.name || 'Trace'}
        parent={{ label: 'Traces', to: path('/traces') }}
        sub={
          <>
            {trace.errors > 0 && (
              <span className="badge bad">
                <IconAlertTriangle size={14} aria-hidden /> {formatCount(trace.errors)}{' '}
                {trace.errors === 1 ? 'span failed' : 'spans failed'}
              </span>
            )}
            <strong className="num trace-duration">{formatSpan(trace.durationMs)}</strong>
            <span className="num">
              {formatCount(trace.rows.length)} {trace.rows.length === 1 ? 'span' : 'spans'}
            </span>
            <Instant at={trace.startedAt.ms} format="full" />
            <span className="mono wrap-anywhere">{data.traceId}</span>
          </>
        }
      />
      <div className={row !== undefined && !narrow ? 'columns wide-side' : ''}>
        <div className="stack">
          <Panel
            flush
            title="Waterfall"
            actions={
              <div className="service-names">
                {trace.services.map((service) => (
                  <ServiceName key={service} name={service} colour={colours.get(service)} />
                ))}
              </div>
            }
            note={<CriticalNote rows={trace.rows} durationMs={trace.durationMs} onSelect={select} />}
          >
            <WaterfallView trace={trace} colours={colours} selected={selected} onSelect={select} />
          </Panel>
          <TraceLogs traceId={data.traceId} from={trace.startedAt.ms} to={trace.startedAt.ms + trace.durationMs} />
        </div>
        {!narrow && detail}
      </div>
      {narrow && (
        <Drawer
          opened={row !== undefined}
          onClose={() => select(undefined)}
          position="bottom"
          size="78%"
          withCloseButton={false}
          padding={0}
        >
          {detail}
        </Drawer>
      )}
    </>
  )
}

interface CriticalNoteProps {
  rows: readonly WaterfallRow[]
  durationMs: number
  onSelect: (spanId: string) => void
}

/** Where the time went: the spans that the whole waited for longest. */
function CriticalNote({ rows, durationMs, onSelect }: CriticalNoteProps) {
  const top = rows
    .map((row) => ({ row, ms: criticalMillis(row) }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 3)
  return (
    <div className="critical-note">
      <span>
        <i className="critical-key" aria-hidden /> Critical path. Most of the time went to
      </span>
      {top.map(({ row, ms }) => (
        <button key={row.span.spanId} type="button" className="text-button" onClick={() => onSelect(row.span.spanId)}>
          {row.span.service} {row.span.name}{' '}
          <span className="num">({Math.round((ms / Math.max(durationMs, 1e-9)) * 100)} %)</span>
        </button>
      ))}
    </div>
  )
}
