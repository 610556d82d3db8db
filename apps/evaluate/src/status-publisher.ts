import type { SloStatus } from '@nines/contracts'
import { publishLive, writeSloStatuses } from '@nines/pipeline'
import type { Redis } from 'ioredis'

const AT_MOST_EVERY_MS = 1_000
const AT_LEAST_EVERY_MS = 10_000

/** Puts statuses on the board and tells dashboards: at most once a second, when something visible changed or every 10 s. */
export class StatusPublisher {
  readonly #redis: Redis
  readonly #prefix: string
  readonly #published = new Map<string, { at: number; appearance: string }>()

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis
    this.#prefix = prefix
  }

  /** Publishes what is due. Rejects while Redis is away; then the same is due at the next call. */
  async publish(statusesByWorkspace: ReadonlyMap<string, readonly SloStatus[]>, now: number): Promise<void> {
    for (const [workspaceId, statuses] of statusesByWorkspace) {
      const due = statuses.filter((status) => this.#isDue(status, now))
      if (due.length === 0) continue
      await writeSloStatuses(this.#redis, this.#prefix, workspaceId, due)
      for (const status of due) this.#published.set(status.sloId, { at: now, appearance: appearanceOf(status) })
      const id = due.length === 1 ? (due[0]?.sloId ?? '') : ''
      await publishLive(this.#redis, this.#prefix, workspaceId, { type: 'slo.status', id, at: now })
    }
  }

  forget(sloId: string): void {
    this.#published.delete(sloId)
  }

  #isDue(status: SloStatus, now: number): boolean {
    const last = this.#published.get(status.sloId)
    if (!last || now - last.at >= AT_LEAST_EVERY_MS) return true
    return now - last.at >= AT_MOST_EVERY_MS && last.appearance !== appearanceOf(status)
  }
}

/** What a person could see of a status: a change below this is not worth an event. */
function appearanceOf(status: SloStatus): string {
  const burns = status.burns.map((burn) => burn.burnRate?.toPrecision(3))
  const { state, version, target, budgetRemaining, sli, total } = status
  // Two digits of the total: a history that comes in shows at once though no ratio changes, steady traffic does not.
  const events = total.toPrecision(2)
  return JSON.stringify([state, version, target, budgetRemaining?.toFixed(4), sli?.toFixed(5), events, burns])
}
