import { LOG_TAIL_PATH, type LogRecordDto } from '@nines/contracts'
import { useEffect, useState } from 'react'
import { tailQuery, type LogsSearch } from '../model/logs-search.ts'
import { useWorkspace } from './workspace.tsx'

/** Records kept on screen; older ones are a search away. */
const KEPT = 500
/** EventSource gives up for good on some failures; then we start a new one. */
const RETRY_MS = 3000

export interface LogTail {
  state: 'off' | 'connecting' | 'following' | 'broken'
  /** Newest first. */
  records: LogRecordDto[]
  /** How many came since it was switched on. */
  received: number
  /** More came than the server hands on. */
  skipped: boolean
}

const OFF: LogTail = { state: 'off', records: [], received: 0, skipped: false }

/** Follows the records that a search would find from now on. Another filter begins anew. */
export function useLogTail(search: LogsSearch, isOn: boolean): LogTail {
  const { slug } = useWorkspace()
  const query = tailQuery(search, slug)
  const [tail, setTail] = useState<{ query: string; tail: LogTail }>({ query: '', tail: OFF })
  useEffect(() => {
    if (!isOn) return undefined
    const change = (next: (old: LogTail) => LogTail) =>
      setTail((old) => ({ query, tail: next(old.query === query ? old.tail : { ...OFF, state: 'connecting' }) }))
    let retry: ReturnType<typeof setTimeout> | undefined
    let source: EventSource | null = null
    const connect = () => {
      source = new EventSource(`${LOG_TAIL_PATH}?${query}`)
      source.addEventListener('open', () => change((old) => ({ ...old, state: 'following' })))
      source.addEventListener('error', () => {
        change((old) => ({ ...old, state: 'broken' }))
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS)
      })
      source.addEventListener('logs', (message: MessageEvent<string>) => {
        const { items, skipped } = JSON.parse(message.data) as { items: LogRecordDto[]; skipped: boolean }
        change((old) => ({
          state: 'following',
          records: [...items.toSorted(newestFirst), ...old.records].slice(0, KEPT),
          received: old.received + items.length,
          skipped: old.skipped || skipped,
        }))
      })
    }
    change((old) => ({ ...old, state: 'connecting' }))
    connect()
    return () => {
      clearTimeout(retry)
      source?.close()
      setTail({ query: '', tail: OFF })
    }
  }, [query, isOn])
  return isOn && tail.query === query ? tail.tail : { ...OFF, state: isOn ? 'connecting' : 'off' }
}

/** RFC 3339 in UTC with as many digits each: text order is time order. */
function newestFirst(a: LogRecordDto, b: LogRecordDto): number {
  return a.at < b.at ? 1 : a.at > b.at ? -1 : 0
}
