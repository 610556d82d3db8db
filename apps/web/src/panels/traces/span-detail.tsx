import { ActionIcon } from '@mantine/core'
import { IconAlertTriangle, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { formatSpan } from '../../model/format-span.ts'
import { millisBetween, nanoTime } from '../../model/nano-time.ts'
import { criticalMillis, type TraceSpan, type WaterfallRow } from '../../model/waterfall.ts'
import { usePath } from '../../queries/workspace.tsx'
import { AttributeTable } from '../attribute-table.tsx'
import { ServiceName } from '../service-name.tsx'

interface SpanDetailProps {
  row: WaterfallRow
  colour: string | undefined
  onClose: () => void
}

const KINDS = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer']

/** Everything that is known of a span. */
export function SpanDetail({ row, colour, onClose }: SpanDetailProps) {
  const { span } = row
  const critical = criticalMillis(row)
  return (
    <section className="panel span-detail" aria-label={`Span ${span.name}`}>
      <div className="panel-head">
        <h2 className="wrap-anywhere">{span.name === '' ? '(unnamed)' : span.name}</h2>
        <ActionIcon aria-label="Close the span" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      <div className="panel-body stack">
        {span.status === 'error' && (
          <div className="failure" role="note">
            <IconAlertTriangle size={16} className="is-bad" aria-hidden />
            <p>
              <strong>Failed.</strong> {span.statusMessage}
            </p>
          </div>
        )}
        <dl className="facts">
          <dt>Service</dt>
          <dd>
            <ServiceName name={span.service} colour={colour} />
          </dd>
          <dt>Duration</dt>
          <dd className="num">{formatSpan(row.durationMs)}</dd>
          <dt>Starts at</dt>
          <dd className="num">+{formatSpan(row.startMs)}</dd>
          <dt>Critical path</dt>
          <dd className="num">
            {critical === 0 ? (
              <span className="muted">Not on it</span>
            ) : (
              `${formatSpan(critical)} waited for this span alone`
            )}
          </dd>
          <dt>Kind</dt>
          <dd>{KINDS[span.kind] ?? span.kind}</dd>
          <dt>Span id</dt>
          <dd className="mono">{span.spanId}</dd>
          {row.isOrphan && (
            <>
              <dt>Parent</dt>
              <dd>
                <span className="mono">{span.parentSpanId}</span> <span className="is-warn">did not arrive</span>
              </dd>
            </>
          )}
          {span.scopeName !== '' && (
            <>
              <dt>Scope</dt>
              <dd className="mono">{span.scopeName}</dd>
            </>
          )}
        </dl>
        <AttributeTable title="Attributes" of="attributes" values={span.attributes} />
        <Events span={span} />
        <Links span={span} />
        <AttributeTable title="Resource" of="resource" values={span.resource} />
      </div>
    </section>
  )
}

function Events({ span }: { span: TraceSpan }) {
  const start = nanoTime(span.startedAt)
  if (span.events.length === 0) return null
  return (
    <section aria-label="Events">
      <h3 className="caps">Events</h3>
      <ol className="span-events">
        {span.events.map((event) => (
          <li key={JSON.stringify(event)}>
            <div>
              <strong className="wrap-anywhere">{event.name}</strong>{' '}
              <span className="muted num">+{formatSpan(millisBetween(start, nanoTime(event.at)))} into the span</span>
            </div>
            <AttributeTable title="" of="attributes" values={event.attributes} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Links({ span }: { span: TraceSpan }) {
  const path = usePath()
  if (span.links.length === 0) return null
  return (
    <section aria-label="Links">
      <h3 className="caps">Links</h3>
      <ol className="span-events">
        {span.links.map((link) => (
          <li key={`${link.traceId} ${link.spanId}`}>
            <Link className="mono wrap-anywhere" to={path(`/traces/${link.traceId}?span=${link.spanId}`)}>
              {link.traceId}
            </Link>
            <AttributeTable title="" of="attributes" values={link.attributes} />
          </li>
        ))}
      </ol>
    </section>
  )
}
