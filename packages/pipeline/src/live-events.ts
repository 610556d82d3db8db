import { setTimeout as sleep } from 'node:timers/promises'
import { liveEvent, type LiveEvent } from '@nines/contracts'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { connectRedis } from './redis-connection.ts'

const envelope = z.object({ workspaceId: z.string(), event: liveEvent })

function channelName(prefix: string): string {
  return `${prefix}:live`
}

/**
 * Tells every listening process that something changed. At most once and without memory: dashboards fetch the thing
 * itself, and fetch all of it again after a reconnection.
 */
export async function publishLive(redis: Redis, prefix: string, workspaceId: string, event: LiveEvent): Promise<void> {
  await redis.publish(channelName(prefix), JSON.stringify({ workspaceId, event }))
}

export interface LiveSubscription {
  close(): Promise<void>
}

export interface LiveSubscriptionOptions {
  redisUrl: string
  prefix: string
  onError?: (error: Error) => void
}

/** How long a start may wait for Redis; an outage delays the subscription, not the app. */
const SUBSCRIBE_TIMEOUT_MS = 2_000

/** Calls the listener for every event published from now on, also after Redis came back from an outage. */
export async function subscribeLive(
  { redisUrl, prefix, onError }: LiveSubscriptionOptions,
  listener: (workspaceId: string, event: LiveEvent) => void,
): Promise<LiveSubscription> {
  const redis = connectRedis(redisUrl, { patient: true, onError })
  redis.on('message', (_channel, text) => {
    const parsed = envelope.safeParse(parseJson(text))
    if (parsed.success) listener(parsed.data.workspaceId, parsed.data.event)
    else onError?.(new Error(`live event of an unknown shape: ${text.slice(0, 200)}`))
  })
  // The client subscribes again by itself after every reconnection.
  const subscribed = redis.subscribe(channelName(prefix)).catch((error: Error) => onError?.(error))
  await Promise.race([subscribed, sleep(SUBSCRIBE_TIMEOUT_MS, undefined, { ref: false })])
  return {
    close: async () => {
      redis.disconnect()
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
