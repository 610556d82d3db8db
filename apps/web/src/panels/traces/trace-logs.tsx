import { searchLogs } from '@nines/contracts'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { logsLink } from '../../model/logs-search.ts'
import { spanBody, spanToSearch } from '../../model/span-search.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { usePath } from '../../queries/workspace.tsx'
import { LogList } from '../logs/log-list.tsx'
import { Panel } from '../panel.tsx'
import { Empty, ListSkeleton, QueryView } from '../query-view.tsx'

interface TraceLogsProps {
  traceId: string
  /** Of the trace, epoch ms. */
  from: number
  to: number
}

/** Records may be written a while before and after the spans they belong to. */
const AROUND_MS = 60_000
const LIMIT = 200

/** What the services wrote while they worked on this trace. */
export function TraceLogs({ traceId, from, to }: TraceLogsProps) {
  const path = usePath()
  const span = { from: from - AROUND_MS, to: to + AROUND_MS }
  const logs = useApiQuery(searchLogs, { body: { traceId, ...spanBody(span), limit: LIMIT } })
  const count = logs.data?.items.length ?? 0
  return (
    <Panel
      flush
      title={count === 0 ? 'Logs' : `Logs (${count}${logs.data?.nextCursor === null ? '' : '+'})`}
      actions={
        <Button variant="default" component={Link} to={path(logsLink({ ...spanToSearch(span), trace: traceId }))}>
          Open in Logs
        </Button>
      }
    >
      <QueryView query={logs} name="The trace’s logs" skeleton={<ListSkeleton rows={4} height={20} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No log record carries this trace’s id">
              Records are found here when they are sent with the ids of the span they were written in. OpenTelemetry’s
              log appenders add them by themselves.
            </Empty>
          ) : (
            <LogList label="Logs of this trace" records={items.toReversed()} isInTrace />
          )
        }
      </QueryView>
    </Panel>
  )
}
