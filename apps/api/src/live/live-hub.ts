import type { LiveEvent } from '@nines/contracts'
import { subscribeLive } from '@nines/pipeline'

type Listener = (event: LiveEvent) => void

/** Fans the installation's one stream of live events out to the dashboards connected to this process, by workspace. */
export interface LiveHub {
  /** Listens until the returned function is called. */
  listen(workspaceId: string, listener: Listener): () => void
  close(): Promise<void>
}

export async function createLiveHub(options: {
  redisUrl: string
  prefix: string
  onError: (error: Error) => void
}): Promise<LiveHub> {
  const listeners = new Map<string, Set<Listener>>()
  const subscription = await subscribeLive(options, (workspaceId, event) => {
    for (const listener of listeners.get(workspaceId) ?? []) listener(event)
  })
  return {
    listen(workspaceId, listener) {
      const own = listeners.get(workspaceId) ?? new Set()
      listeners.set(workspaceId, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0 && listeners.get(workspaceId) === own) listeners.delete(workspaceId)
      }
    },
    close: () => subscription.close(),
  }
}
