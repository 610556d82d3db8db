import type { JobQueue } from '@nines/pipeline'
import { serviceVersionsOf, tablesOf, type Block, type ServiceVersion } from '@nines/wire'

/** Told again now and then, so that one whose job Redis lost is known in the end. */
const TELL_AGAIN_MS = 3_600_000
/** A span this much earlier than the first one known moves the beginning of a version. */
const EARLIER_MS = 60_000
/** Versions to remember; forgotten ones are told again, which changes nothing. */
const REMEMBERED = 50_000
/** Longer names come from no deploy. */
const LONGEST = 200

/** Sees which versions of services spans carry, and tells of each that it has not told of lately. */
export class VersionWatch {
  readonly #queue: Pick<JobQueue, 'enqueue'>
  readonly #told = new Map<string, { firstAt: number; toldAt: number }>()

  constructor(queue: Pick<JobQueue, 'enqueue'>) {
    this.#queue = queue
  }

  /** Enqueues a job for each version that is news. Rejects while Redis is away: the same blocks are then to be told again. */
  async tell(blocks: readonly Block[], now: number): Promise<void> {
    for (const { workspace, ...seen } of seenIn(blocks)) {
      const { service, environment, version, firstAt } = seen
      const key = JSON.stringify([workspace, service, environment, version])
      const known = this.#told.get(key)
      if (known && firstAt > known.firstAt - EARLIER_MS && now - known.toldAt < TELL_AGAIN_MS) continue
      const firstSeenAt = Math.min(firstAt, known?.firstAt ?? firstAt)
      await this.#queue.enqueue('noteVersion', {
        workspaceNumber: workspace,
        service,
        environment,
        version,
        firstSeenAt,
      })
      if (this.#told.size >= REMEMBERED) this.#told.clear()
      this.#told.set(key, { firstAt: firstSeenAt, toldAt: now })
    }
  }
}

/** In order of time, so that the version that ran first is told first. */
function seenIn(blocks: readonly Block[]): (ServiceVersion & { workspace: number })[] {
  const seen = blocks.flatMap((block) => {
    const spans = tablesOf(block).get('spans')
    return spans ? serviceVersionsOf(spans).map((version) => ({ ...version, workspace: block.workspace })) : []
  })
  const isUsable = ({ service, environment, version }: ServiceVersion) =>
    [service, environment, version].every((text) => text.length <= LONGEST)
  return seen.filter(isUsable).toSorted((a, b) => a.firstAt - b.firstAt)
}
