import { searchLogs, type LogRecordDto } from '@nines/contracts'
import { Button, Switch } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import '../theme/logs.css'
import { withAttribute, type AttributeFilter } from '../model/attribute-filter.ts'
import { formatCount } from '../model/format-number.ts'
import { logKey } from '../model/log-text.ts'
import { isFiltered, logFilterOf, type LogsSearch } from '../model/logs-search.ts'
import { spanBody, spanOf, spanToSearch } from '../model/span-search.ts'
import { LogFilters, LOG_SEARCH_ID } from '../panels/logs/log-filters.tsx'
import { LogHistogramPanel } from '../panels/logs/log-histogram.tsx'
import { LogList } from '../panels/logs/log-list.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, Failure, ListSkeleton } from '../panels/query-view.tsx'
import { SendHint } from '../panels/send-hint.tsx'
import { SpanPicker } from '../panels/span-picker.tsx'
import { useApiPages } from '../queries/use-api-pages.ts'
import { useLogTail, type LogTail } from '../queries/use-log-tail.ts'
import { useShortcuts } from '../queries/use-shortcuts.ts'

const route = getRouteApi('/w/$workspace/logs')
const PAGE_SIZE = 100
const FALLBACK = '1h'

export function LogsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  // The end of "the last hour" stands still until somebody asks again, so that pages and bars fit together.
  const [now, setNow] = useState(() => Date.now())
  const change = (changed: Partial<LogsSearch>) => {
    setNow(Date.now())
    void navigate({ search: (old) => ({ ...old, ...changed }), replace: true })
  }
  useShortcuts({ '/': () => document.getElementById(LOG_SEARCH_ID)?.focus() })
  const isLive = search.live === true
  const span = spanOf(search, now, FALLBACK)
  const pages = useApiPages(searchLogs, { ...logFilterOf(search), ...spanBody(span), limit: PAGE_SIZE })
  const tail = useLogTail(search, isLive)
  const records = mergeTail(tail.records, pages.data ?? [])
  return (
    <>
      <PageHeader
        title="Logs"
        sub={<span>Newest first. Press / to search, arrow keys to go through the list</span>}
        actions={
          <>
            <Switch
              label="Live"
              checked={isLive}
              onChange={(event) =>
                change(
                  event.currentTarget.checked ? { live: true, from: undefined, to: undefined } : { live: undefined },
                )
              }
            />
            <SpanPicker
              value={search}
              fallback={FALLBACK}
              onChange={(picked) => change({ ...picked, live: undefined })}
            />
            <Button
              variant="default"
              leftSection={<IconRefresh size={14} />}
              loading={pages.isFetching && !pages.isFetchingNextPage}
              onClick={() => setNow(Date.now())}
            >
              Refresh
            </Button>
          </>
        }
      />
      <LogFilters search={search} seenServices={records.map(({ service }) => service)} onChange={change} />
      {!isLive && (
        <LogHistogramPanel
          search={search}
          span={span}
          onZoom={(zoomed) => change({ ...spanToSearch(zoomed), live: undefined })}
        />
      )}
      {isLive && <TailNotice tail={tail} />}
      <Records
        records={records}
        pages={pages}
        search={search}
        isLive={isLive}
        onChange={change}
        onFilter={(filter) => change({ attr: withAttribute(search.attr ?? [], filter) })}
      />
    </>
  )
}

interface RecordsProps {
  records: LogRecordDto[]
  pages: ReturnType<typeof useApiPages<typeof searchLogs>>
  search: LogsSearch
  isLive: boolean
  onChange: (changed: Partial<LogsSearch>) => void
  onFilter: (filter: AttributeFilter) => void
}

function Records({ records, pages, search, isLive, onChange, onFilter }: RecordsProps) {
  const retry = () => void pages.refetch()
  if (pages.isError && records.length === 0)
    return <Failure what="Log records could not be loaded." error={pages.error} onRetry={retry} />
  return (
    <Panel flush>
      {pages.isPending && !isLive ? (
        <ListSkeleton rows={12} height={20} />
      ) : records.length === 0 ? (
        <NoRecords search={search} isLive={isLive} onChange={onChange} />
      ) : (
        <LogList label="Log records" records={records} onFilter={onFilter} />
      )}
      {pages.isError && records.length > 0 && (
        <div style={{ padding: 14 }}>
          <Failure what="More records could not be loaded." error={pages.error} onRetry={retry} />
        </div>
      )}
      {pages.hasNextPage && (
        <div className="log-more">
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            Load older records
          </Button>
        </div>
      )}
    </Panel>
  )
}

function NoRecords({ search, isLive, onChange }: Pick<RecordsProps, 'search' | 'isLive' | 'onChange'>) {
  if (isLive) return <Empty title="Waiting for records">They appear here within two seconds of their arrival.</Empty>
  if (!isFiltered(search)) return <SendHint title="No logs in this time" signal="logs" />
  const clear = { q: undefined, severity: undefined, service: undefined, attr: undefined, trace: undefined }
  return (
    <Empty
      title="No record is like this"
      action={
        <Button variant="default" onClick={() => onChange(clear)}>
          Clear the filters
        </Button>
      }
    >
      Words are found whole: “time” does not find “timeout”. Put in quotes, a text is found inside of words too.
    </Empty>
  )
}

const TAIL_WORDS = {
  off: '',
  connecting: 'Connecting…',
  following: 'Following',
  broken: 'Cut off; trying again',
} as const

function TailNotice({ tail }: { tail: LogTail }) {
  return (
    <output className={`calm tail-notice ${tail.state}`}>
      <span className="tail-dot" aria-hidden />
      <strong>{TAIL_WORDS[tail.state]}</strong>
      <span className="muted num">{formatCount(tail.received)} new</span>
      {tail.skipped && <span className="is-warn">More arrive than are shown: narrow the search to see all.</span>}
    </output>
  )
}

/** What the tail brought above what the search found, each once. */
function mergeTail(tail: readonly LogRecordDto[], found: readonly LogRecordDto[]): LogRecordDto[] {
  if (tail.length === 0) return [...found]
  const known = new Set(tail.map(logKey))
  return [...tail, ...found.filter((record) => !known.has(logKey(record)))]
}
