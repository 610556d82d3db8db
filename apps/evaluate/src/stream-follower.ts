import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, type Logger } from '@nines/kernel'
import type { BlockEntry, BlockStream } from '@nines/pipeline'
import { compareEntryIds, instantOfEntry } from './entry-id.ts'

const WAIT_MS = 1_000
const RETRY_MS = 500
/** The stream forgets a reader that said nothing for ten seconds. */
const REPORT_EVERY_MS = 1_000

export interface FollowerOptions {
  stream: BlockStream
  shard: number
  logger: Logger
  /** Name of this reader, unique among all that follow the shard. */
  reader: string
  onEntry: (entry: BlockEntry) => void
  /** Entries were trimmed away unread: whatever was counted from the stream has to be rebuilt from the store. */
  onGap: () => void
  /** Epoch ms by the clock that replicas share. Default: this process' own. */
  now?: () => number
}

/** Follows one shard of the block stream from the oldest entry it still holds, for as long as it runs. */
export class StreamFollower {
  readonly #options: FollowerOptions
  #position = '0-0'
  #hasPlace = false
  #stopped = false
  #running: Promise<void> | undefined
  #reportedAt = 0
  /** How far behind the newest entry taken was when it was taken, ms; 0 when nothing waits. */
  lagMs = 0
  /** What was received by this instant has been taken, epoch ms. */
  heardUntil = 0
  /** Listens without a break since, epoch ms; Infinity before it begins. While Redis is away nobody can be heard. */
  heardSince = Infinity

  constructor(options: FollowerOptions) {
    this.#options = options
  }

  /** Id of the newest entry taken. */
  get position(): string {
    return this.#position
  }

  /** Finds the place to begin at; entries before it are in the store. Rejects while Redis is away. */
  async begin(): Promise<void> {
    this.#position = await this.#options.stream.maxDeletedId(this.#options.shard)
    this.#hasPlace = true
    this.heardSince = this.#now()
  }

  start(): void {
    this.#running ??= this.#follow()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #follow(): Promise<void> {
    let isAway = false
    while (!this.#stopped) {
      try {
        if (!this.#hasPlace) await this.begin()
        await this.#takeNext()
        if (isAway) {
          this.heardSince = this.#now()
          this.#options.logger.info('the block stream answers again')
        }
        isAway = false
      } catch (error) {
        if (!isAway) this.#options.logger.warn({ reason: messageOf(error) }, 'the block stream does not answer')
        isAway = true
        await sleep(RETRY_MS)
      }
    }
  }

  async #takeNext(): Promise<void> {
    const { stream, shard, onEntry, onGap, logger } = this.#options
    const entries = await stream.read(shard, this.#position, { blockMs: WAIT_MS })
    const trimmed = await stream.maxDeletedId(shard)
    const first = entries[0]?.id
    if (compareEntryIds(trimmed, this.#position) > 0 && (!first || compareEntryIds(first, trimmed) > 0)) {
      logger.warn({ position: this.#position, trimmed }, 'the stream was trimmed past the place of this evaluator')
      this.#position = trimmed
      onGap()
    }
    for (const entry of entries) {
      if (entry.fault) logger.warn({ id: entry.id, reason: entry.fault.reason }, 'entry cannot be read and is skipped')
      else onEntry(entry)
      this.#position = entry.id
    }
    await this.#report()
    const last = entries.at(-1)
    this.lagMs = last ? Math.max(0, Date.now() - instantOfEntry(last.id)) : 0
    this.heardUntil = last ? instantOfEntry(last.id) : this.#now()
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now()
  }

  /** Lets the stream give memory back as soon as this reader has what is in it. */
  async #report(): Promise<void> {
    if (performance.now() - this.#reportedAt < REPORT_EVERY_MS) return
    this.#reportedAt = performance.now()
    const { stream, shard, reader } = this.#options
    await stream.reportReader(shard, reader, this.#position)
  }
}
