import type { SloStatus } from '@nines/contracts'
import { publishLive, writeSloStatuses } from '@nines/pipeline'
import type { Redis } from 'ioredis'
import { looksDifferent } from './status-appearance.ts'

const AT_MOST_EVERY_MS = 1_000
const AT_LEAST_EVERY_MS = 10_000
/** A status is some kilobytes: so many a second are written at most, and beyond that each SLO's more seldom. */
const STATUSES_PER_SECOND = 1_000
/** Redis does nothing else while it takes a command in. */
const STATUSES_PER_COMMAND = 250

interface Pending {
  workspaceId: string
  status: SloStatus
}

/** What dashboards of one workspace have not been told yet. */
interface Untold {
  sloIds: Set<string>
  isUrgent: boolean
}

/**
 * Puts statuses on the board and tells dashboards: at most once a second, when something visible changed or every 10 s.
 * One that comes sooner after the former waits for its time, unless a newer one takes its place.
 */
export class StatusPublisher {
  readonly #redis: Redis
  readonly #prefix: string
  readonly #published = new Map<string, { at: number; status: SloStatus }>()
  /** What looks different from what was published last, the newest of each SLO. */
  readonly #pending = new Map<string, Pending>()
  readonly #untold = new Map<string, Untold>()
  readonly #toldAt = new Map<string, number>()

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis
    this.#prefix = prefix
  }

  /** Takes statuses in and publishes what is due. Rejects while Redis is away; then the same is due at the next call. */
  async publish(statusesByWorkspace: ReadonlyMap<string, readonly SloStatus[]>, now: number): Promise<void> {
    for (const [workspaceId, statuses] of statusesByWorkspace) {
      for (const status of statuses) {
        if (this.#isNews(status, now)) this.#pending.set(status.sloId, { workspaceId, status })
        else this.#pending.delete(status.sloId)
      }
    }
    if (this.#pending.size > 0) {
      const due = [...this.#pending.values()].filter(({ status }) => this.#isDue(status, now))
      for (const [workspaceId, those] of Map.groupBy(due, (pending) => pending.workspaceId))
        await this.#write(workspaceId, those, now)
    }
    for (const [workspaceId, untold] of this.#untold) await this.#tell(workspaceId, untold, now)
  }

  forget(sloId: string): void {
    this.#published.delete(sloId)
    this.#pending.delete(sloId)
  }

  /** How seldom one thing is said where there are so many SLOs. */
  get #crowdedMs(): number {
    return Math.min(AT_LEAST_EVERY_MS, (this.#published.size / STATUSES_PER_SECOND) * 1000)
  }

  async #write(workspaceId: string, due: readonly Pending[], now: number): Promise<void> {
    for (let i = 0; i < due.length; i += STATUSES_PER_COMMAND) {
      const statuses = due.slice(i, i + STATUSES_PER_COMMAND).map(({ status }) => status)
      await writeSloStatuses(this.#redis, this.#prefix, workspaceId, statuses)
      const untold = this.#untold.get(workspaceId) ?? { sloIds: new Set(), isUrgent: false }
      this.#untold.set(workspaceId, untold)
      for (const status of statuses) {
        untold.sloIds.add(status.sloId)
        untold.isUrgent ||= this.#published.get(status.sloId)?.status.state !== status.state
        this.#published.set(status.sloId, { at: now, status })
        this.#pending.delete(status.sloId)
      }
    }
  }

  /** Every event makes dashboards read all statuses again. */
  async #tell(workspaceId: string, { sloIds, isUrgent }: Untold, now: number): Promise<void> {
    const sinceMs = Math.abs(now - (this.#toldAt.get(workspaceId) ?? -Infinity))
    if (!isUrgent && sinceMs < this.#crowdedMs) return
    const [id = ''] = sloIds.size === 1 ? sloIds : []
    await publishLive(this.#redis, this.#prefix, workspaceId, { type: 'slo.status', id, at: now })
    this.#untold.delete(workspaceId)
    this.#toldAt.set(workspaceId, now)
  }

  #isNews(status: SloStatus, now: number): boolean {
    const last = this.#published.get(status.sloId)
    return !last || Math.abs(now - last.at) >= AT_LEAST_EVERY_MS || looksDifferent(last.status, status)
  }

  #isDue(status: SloStatus, now: number): boolean {
    const last = this.#published.get(status.sloId)
    if (!last) return true
    const waitMs = last.status.state === status.state ? Math.max(AT_MOST_EVERY_MS, this.#crowdedMs) : AT_MOST_EVERY_MS
    return Math.abs(now - last.at) >= waitMs
  }
}
