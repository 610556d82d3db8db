import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { connectRedis } from './redis-connection.ts'

const TOPICS = ['slos', 'checks', 'keys', 'channels', 'telemetry'] as const
/** What kind of configuration changed in PostgreSQL. */
export type ConfigTopic = (typeof TOPICS)[number]

export interface ConfigWatchOptions {
  redisUrl: string
  prefix: string
  onError?: (error: Error) => void
}

export interface ConfigWatch {
  close(): Promise<void>
}

/** How long a start may wait for Redis; an outage delays the subscription, not the app. */
const SUBSCRIBE_TIMEOUT_MS = 2_000

const channelName = (prefix: string) => `${prefix}:config-changed`

/**
 * Wakes every process that watches configuration. Only a wake-up: a message can be lost, so readers also poll (10 s).
 * Call it after the transaction that made the change has committed.
 */
export async function announceConfigChange(redis: Redis, prefix: string, topic: ConfigTopic): Promise<void> {
  await redis.publish(channelName(prefix), topic)
}

/**
 * Calls the listener for every change announced from now on. Whoever was cut off from Redis may have missed some: for it
 * everything counts as changed when it is back.
 */
export async function watchConfigChanges(
  { redisUrl, prefix, onError }: ConfigWatchOptions,
  listener: (topic: ConfigTopic) => void,
): Promise<ConfigWatch> {
  const redis = connectRedis(redisUrl, { patient: true, onError })
  redis.on('message', (_channel, message) => {
    const topic = TOPICS.find((known) => known === message)
    if (topic) listener(topic)
    else onError?.(new Error(`configuration change of an unknown topic: ${message.slice(0, 100)}`))
  })
  const subscribe = () => redis.subscribe(channelName(prefix)).catch((error: Error) => onError?.(error))
  const subscribed = subscribe()
  await Promise.race([subscribed, sleep(SUBSCRIBE_TIMEOUT_MS, undefined, { ref: false })])
  let isCutOff = false
  const catchUp = async () => {
    if (!isCutOff) return
    isCutOff = false
    // The client subscribes again by itself; the answer says from when on nothing is missed.
    await subscribe()
    if (!isCutOff) TOPICS.forEach((topic) => listener(topic))
  }
  redis.on('close', () => {
    isCutOff = true
  })
  redis.on('ready', () => void catchUp())
  return {
    close: async () => {
      // What is still in the socket's buffer is not delivered after this.
      redis.removeAllListeners('message')
      redis.removeAllListeners('ready')
      redis.disconnect()
    },
  }
}
