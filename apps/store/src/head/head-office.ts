import { hostname } from 'node:os'
import { messageOf, NinesError, type Logger } from '@nines/kernel'
import { announceHead, withdrawHead, type BlockEntry } from '@nines/pipeline'
import type { QueryAnswer, TelemetryQuery } from '@nines/telemetry'
import type { Redis } from 'ioredis'
import { ShardHead, type ShardHeadParts } from './shard-head.ts'

const ANNOUNCE_EVERY_MS = 1_500
const ANNOUNCED_FOR_MS = 5_000

export interface HeadOfficeParts extends Omit<ShardHeadParts, 'accepts'> {
  redis: Redis
  prefix: string
  shards: number
  owner: string
  logger: Logger
}

/** The heads of the shards that this process owns, and their announcement to those who ask. */
export class HeadOffice {
  readonly #parts: HeadOfficeParts
  readonly #heads = new Map<number, { head: ShardHead; closing: AbortController }>()
  readonly #announcing: NodeJS.Timeout
  #url: string | undefined

  constructor(parts: HeadOfficeParts) {
    this.#parts = parts
    this.#announcing = setInterval(() => void this.#announce(), ANNOUNCE_EVERY_MS)
    this.#announcing.unref()
  }

  /** Where this process listens; nothing is announced before. */
  listensAt(url: string): void {
    this.#url = reachable(url)
  }

  /** The shard is ours until the signal fires; entries behind the store's position follow. */
  open(shard: number, signal: AbortSignal): void {
    const accepts = (workspace: number) => workspace % this.#parts.shards === shard
    const closing = new AbortController()
    const head = new ShardHead({ ...this.#parts, accepts }, AbortSignal.any([signal, closing.signal]))
    this.#heads.set(shard, { head, closing })
  }

  take(shard: number, entries: readonly BlockEntry[]): void {
    this.#heads.get(shard)?.head.take(entries)
  }

  async close(shard: number): Promise<void> {
    const open = this.#heads.get(shard)
    if (!open) return
    this.#heads.delete(shard)
    open.closing.abort()
    await open.head.ended()
    const { redis, prefix, owner, logger } = this.#parts
    await withdrawHead(redis, prefix, shard, owner).catch((error: unknown) =>
      logger.warn({ shard, error: messageOf(error) }, 'the head could not be withdrawn; its announcement runs out'),
    )
  }

  /** The answer to a query, null where the store has to be asked. Throws `not_found` for a shard that is not ours. */
  answer(workspace: number, query: TelemetryQuery): QueryAnswer | null {
    const open = this.#heads.get(workspace % this.#parts.shards)
    if (!open) throw new NinesError('not_found', 'another process holds the head of this workspace')
    return open.head.answer(workspace, query)
  }

  stop(): void {
    clearInterval(this.#announcing)
  }

  async #announce(): Promise<void> {
    const { redis, prefix, owner } = this.#parts
    if (this.#url === undefined) return
    for (const [shard, { head }] of this.#heads) {
      if (!head.isWarm) continue
      // An announcement that is missed is made up for by the next; without any the store is asked.
      await announceHead(redis, prefix, shard, { url: this.#url, owner }, ANNOUNCED_FOR_MS).catch(() => undefined)
    }
  }
}

/** A server that listens on every address is reached by the name of its host. */
function reachable(url: string): string {
  const parsed = new URL(url)
  if (parsed.hostname === '0.0.0.0' || parsed.hostname === '[::]') parsed.hostname = hostname()
  return parsed.origin
}
