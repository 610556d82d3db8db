import { setTimeout as sleep } from 'node:timers/promises'
import type { SeriesDefinition } from '@nines/contracts'
import { emptyBlock, type Block } from '@nines/wire'
import { Traffic } from './traffic.fixture.ts'

const PUSH_EVERY_MS = 200
const MINUTE_MS = 60_000
/** So many that a status changes visibly every two seconds. */
const GOOD_A_PUSH = 100
const GOOD_A_MINUTE = 600
/** Far more than the fast pair takes, and so by any way of counting. */
const BAD_OF_OUTAGE = 4_000
const HISTORY_MINUTES = 80

/**
 * Services that report all the time, some minutes behind the clock, so that every minute they report is already over and is
 * written again with each push: whoever writes what he should not shows at once.
 */
export class Fleet {
  readonly names: readonly string[]
  readonly #traffics: Map<string, Traffic>
  readonly #lagMs = new Map<string, number>()
  readonly #outages = new Set<string>()
  readonly #append: (block: Block) => Promise<unknown>
  /** When the push with the outage had been appended, epoch ms. */
  readonly dueAt = new Map<string, number>()
  #isStopped = false
  #running: Promise<void> | undefined

  constructor(names: readonly string[], lagMs: number, append: (block: Block) => Promise<unknown>) {
    this.names = names
    this.#append = append
    const firstAt = this.#firstMinute(lagMs)
    this.#traffics = new Map(names.map((name) => [name, new Traffic(name, firstAt)]))
    for (const name of names) this.#lagMs.set(name, lagMs)
  }

  /** More than the long window of healthy past, a push a minute. */
  async sendHistory(): Promise<void> {
    for (let i = 0; i < HISTORY_MINUTES; i++) {
      const blocks = Array.from(this.#traffics, ([name, traffic]) =>
        traffic.push(this.#firstMinute(this.#lagMs.get(name) ?? 0) + i * MINUTE_MS, GOOD_A_MINUTE, 0),
      )
      await this.#append(joined(blocks))
    }
  }

  start(): void {
    this.#running = this.#push()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
  }

  /** From the next push on, once: so many bad events that any alert on the last hour is due. */
  breakDown(name: string): void {
    this.#outages.add(name)
  }

  /** Reports from now on what happened so much later: the time between has no events. */
  skipAhead(name: string, lagMs: number): void {
    this.#lagMs.set(name, lagMs)
  }

  truthOf(name: string): Traffic {
    const traffic = this.#traffics.get(name)
    if (!traffic) throw new Error(`there is no ${name}`)
    return traffic
  }

  async #push(): Promise<void> {
    while (!this.#isStopped) {
      const broken = [...this.#outages]
      this.#outages.clear()
      const now = Date.now()
      const blocks = Array.from(this.#traffics, ([name, traffic]) =>
        traffic.push(now - (this.#lagMs.get(name) ?? 0), GOOD_A_PUSH, broken.includes(name) ? BAD_OF_OUTAGE : 0),
      )
      await this.#append(joined(blocks))
      for (const name of broken) this.dueAt.set(name, Date.now())
      await sleep(Math.max(0, now + PUSH_EVERY_MS - Date.now()))
    }
  }

  #firstMinute(lagMs: number): number {
    return Math.floor((Date.now() - lagMs) / MINUTE_MS - HISTORY_MINUTES) * MINUTE_MS
  }
}

/** One block with the samples of all. */
function joined(blocks: readonly Block[]): Block {
  const samples = blocks.map((block) => block.samples)
  const flat = (of: (one: Block['samples']) => Float64Array) =>
    Float64Array.from(samples.flatMap((one) => [...of(one)]))
  const series: SeriesDefinition[] = blocks.flatMap((block) => block.series)
  return {
    ...emptyBlock(0, blocks[0]?.receivedAt),
    series,
    samples: {
      series: BigUint64Array.from(samples.flatMap((one) => [...one.series])),
      at: flat((one) => one.at),
      start: flat((one) => one.start),
      value: flat((one) => one.value),
    },
  }
}
