import type { LiveEvent } from '@nines/contracts'
import { messageOf, type Logger } from '@nines/kernel'
import { announceConfigChange, publishLive, type ConfigTopic, type JobQueue } from '@nines/pipeline'
import type { Outcome } from '@nines/records'
import type { Redis } from 'ioredis'

/**
 * Tells others about a change that is committed. None of it rejects: PostgreSQL holds the truth, readers poll and the
 * sweeper finds due work, so a Redis that is away delays the news but fails no request.
 */
export interface Announcer {
  /** Wakes the processes that read this configuration, and the workspace's dashboards. */
  config(workspaceId: string, topic: ConfigTopic): Promise<void>
  /** Wakes the workspace's dashboards after a change that no other process reads. */
  settings(workspaceId: string): Promise<void>
  live(workspaceId: string, type: LiveEvent['type'], id: string): Promise<void>
  /** Enqueues the jobs that a change asks for, and names to the dashboards what it changed. */
  outcome(workspaceId: string, outcome: Outcome): Promise<void>
}

export interface AnnouncerOptions {
  redis: Redis
  prefix: string
  queue: JobQueue
  logger: Logger
  /** Hears of configuration that changed here, before anybody else does. */
  onConfig: (topic: ConfigTopic) => void
}

export function createAnnouncer({ redis, prefix, queue, logger, onConfig }: AnnouncerOptions): Announcer {
  const attempt = async (what: string, work: Promise<unknown>) => {
    await work.catch((error: unknown) => logger.warn({ reason: messageOf(error) }, `${what} was not announced`))
  }
  const live = (workspaceId: string, type: LiveEvent['type'], id: string) =>
    attempt(type, publishLive(redis, prefix, workspaceId, { type, id, at: Date.now() }))
  return {
    live,
    settings: (workspaceId) => live(workspaceId, 'settings.changed', ''),
    async config(workspaceId, topic) {
      onConfig(topic)
      await Promise.all([
        attempt(`a change of ${topic}`, announceConfigChange(redis, prefix, topic)),
        live(workspaceId, 'settings.changed', ''),
      ])
    },
    async outcome(workspaceId, { followUps, changes }) {
      await Promise.all([
        ...followUps.map(({ job, payload, delayMs }) => attempt(job, queue.enqueue(job, payload, { delayMs }))),
        ...changes.map(({ type, id }) => live(workspaceId, type, id)),
      ])
    },
  }
}
