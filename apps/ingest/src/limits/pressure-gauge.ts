import { statfs } from 'node:fs/promises'
import { NinesError, type Clock } from '@nines/kernel'
import type { SenderKey } from '../auth/key-directory.ts'

/** How near something is to being full: 1 is full. `what` says it to people. */
export interface Fill {
  share: number
  what: string
}

export interface PressureOptions {
  /** Ask how full what ingest depends on is. One that rejects leaves what it answered before. */
  probes: readonly (() => Promise<Fill>)[]
  clock: Clock
}

/** From here on those who send most are refused, the more of them the fuller it gets. */
const HIGH_SHARE = 0.8
/** From here on everybody is, while there is still room for what was taken before. */
const HARD_SHARE = 0.95
const HALF_LIFE_MS = 30_000
const HIGH_RETRY_SECONDS = 5
const HARD_RETRY_SECONDS = 10
/** A refusal looks again first, but not more often than this. */
const LOOK_AGAIN_MS = 20
/** Workspaces below this many recent bytes are forgotten. */
const NEGLIGIBLE_BYTES = 1_024

/**
 * Refuses telemetry before anything is full, first of the workspaces that send most. Each process judges by what it is
 * sent itself.
 */
export class PressureGauge {
  readonly #probes: PressureOptions['probes']
  readonly #clock: Clock
  readonly #fills: Fill[] = []
  /** Bytes that workspaces wanted to send lately, older ones counting less. */
  readonly #recent = new Map<number, number>()
  #decayedAt: number
  #fullest: Fill = { share: 0, what: '' }
  #heaviest: ReadonlySet<number> = new Set()
  #lookedAt = 0
  #looking: Promise<void> | undefined

  constructor({ probes, clock }: PressureOptions) {
    this.#probes = probes
    this.#clock = clock
    this.#decayedAt = clock.now()
  }

  get fullest(): Fill {
    return this.#fullest
  }

  /** Throws or rejects with 'unavailable' when the workspace is to wait; answers at once when nothing is near its limit. */
  admit({ workspaceNumber }: SenderKey, bytes: number): void | Promise<void> {
    this.#recent.set(workspaceNumber, (this.#recent.get(workspaceNumber) ?? 0) + bytes)
    if (this.#fullest.share >= HIGH_SHARE) return this.#judge(workspaceNumber)
  }

  /** Looks how full everything is. To be called every half second. */
  look(): Promise<void> {
    return (this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    }))
  }

  async #judge(workspace: number): Promise<void> {
    // It may have become emptier since; a refused sender would wait for seconds in vain.
    if (this.#isRefused(workspace) && this.#clock.now() - this.#lookedAt >= LOOK_AGAIN_MS) await this.look()
    if (!this.#isRefused(workspace)) return
    const { share, what } = this.#fullest
    if (share >= HARD_SHARE)
      throw new NinesError('unavailable', `${what}; nothing is taken until there is room: retry`, {
        retryAfterSeconds: share >= 1 ? HIGH_RETRY_SECONDS : HARD_RETRY_SECONDS,
      })
    throw new NinesError('unavailable', `${what}; this workspace sends the most and has to wait: retry`, {
      retryAfterSeconds: HIGH_RETRY_SECONDS,
    })
  }

  #isRefused(workspace: number): boolean {
    return this.#fullest.share >= HARD_SHARE || this.#heaviest.has(workspace)
  }

  async #look(): Promise<void> {
    const answers = await Promise.allSettled(this.#probes.map((probe) => probe()))
    for (const [i, answer] of answers.entries()) if (answer.status === 'fulfilled') this.#fills[i] = answer.value
    this.#fullest = this.#fills.reduce((most, next) => (next.share > most.share ? next : most), { share: 0, what: '' })
    this.#lookedAt = this.#clock.now()
    this.#decay()
    this.#heaviest = this.#fullest.share < HIGH_SHARE ? new Set() : this.#chooseHeaviest()
  }

  #decay(): void {
    const now = this.#clock.now()
    const factor = 2 ** -(Math.max(0, now - this.#decayedAt) / HALF_LIFE_MS)
    this.#decayedAt = now
    for (const [workspace, bytes] of this.#recent) {
      if (bytes * factor < NEGLIGIBLE_BYTES) this.#recent.delete(workspace)
      else this.#recent.set(workspace, bytes * factor)
    }
  }

  /** The heaviest, and as many after it as make up the part of all traffic that has to stay out at this fill. */
  #chooseHeaviest(): Set<number> {
    const byBytes = [...this.#recent].toSorted((a, b) => b[1] - a[1])
    const total = byBytes.reduce((sum, [, bytes]) => sum + bytes, 0)
    const toRefuse = (total * (this.#fullest.share - HIGH_SHARE)) / (HARD_SHARE - HIGH_SHARE)
    const chosen = new Set<number>()
    let refused = 0
    for (const [workspace, bytes] of byBytes) {
      if (chosen.size > 0 && refused >= toRefuse) break
      chosen.add(workspace)
      refused += bytes
    }
    return chosen
  }
}

const GIB = 1024 ** 3
const LEAST_FREE_SHARE = 0.05

/**
 * How full the file system of a folder is: full where less is free than 5 % of it or 1 GiB, whichever is less, or than
 * `leastFreeBytes` where that is given.
 */
export async function diskFill(folder: string, leastFreeBytes?: number): Promise<Fill> {
  const { bavail, blocks, bsize } = await statfs(folder)
  const free = bavail * bsize
  const least = leastFreeBytes ?? Math.min(LEAST_FREE_SHARE * blocks * bsize, GIB)
  const what = `the disk of ${folder} has ${Math.floor(free / 1024 ** 2)} MiB free, at least ${Math.ceil(least / 1024 ** 2)} MiB are needed`
  return { share: free === 0 ? 1 : least / free, what }
}
