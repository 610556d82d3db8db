import { LIVE_EVENTS_PATH, liveEvent, type LiveEvent } from '@nines/contracts'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { isStaleAfter } from '../model/live-routes.ts'

export type LiveState = 'connecting' | 'live' | 'reconnecting'

/** Events are gathered this long before queries are read again: a storm of alerts is one reload a second. */
const GATHER_MS = 1000
/** Events about minutes that the telemetry store takes a moment later: what they make stale is read once more. */
const STORED_LATER: ReadonlySet<LiveEvent['type']> = new Set(['slo.backfill'])
const STORED_AFTER_MS = 3000
/** EventSource gives up for good on some failures (a proxy's 502); then we start a new one. */
const RETRY_MS = 3000

/**
 * Keeps one stream of live events for the workspace and reads again what they make stale. After every reconnect all is
 * read again, because events sent meanwhile are lost.
 */
export function useLive(slug: string): LiveState {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => {
    const gather = gatherer(client, slug)
    let source: EventSource | null = null
    let retry: ReturnType<typeof setTimeout> | undefined
    let hadFailure = false
    const connect = () => {
      source = new EventSource(`${LIVE_EVENTS_PATH}?workspace=${encodeURIComponent(slug)}`)
      source.addEventListener('open', () => {
        setState('live')
        if (hadFailure) void client.invalidateQueries({ queryKey: [slug] })
        hadFailure = false
      })
      source.addEventListener('error', () => {
        hadFailure = true
        setState('reconnecting')
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS)
      })
      source.addEventListener('live', (message: MessageEvent<string>) => gather.add(message.data))
    }
    connect()
    return () => {
      source?.close()
      clearTimeout(retry)
      gather.stop()
    }
  }, [client, slug])
  return state
}

function gatherer(client: QueryClient, slug: string) {
  const types = new Set<LiveEvent['type']>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  const readAgain = (changed: readonly LiveEvent['type'][]) =>
    void client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] === slug && isStaleAfter(changed, String(queryKey[1])),
    })
  const flush = () => {
    timer = undefined
    const changed = [...types]
    types.clear()
    readAgain(changed)
    const later = changed.filter((type) => STORED_LATER.has(type))
    if (later.length === 0) return
    clearTimeout(again)
    again = setTimeout(() => readAgain(later), STORED_AFTER_MS)
  }
  return {
    add(text: string) {
      const event = liveEvent.safeParse(parseJson(text))
      if (!event.success) return
      types.add(event.data.type)
      timer ??= setTimeout(flush, GATHER_MS)
    },
    stop() {
      clearTimeout(timer)
      clearTimeout(again)
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
