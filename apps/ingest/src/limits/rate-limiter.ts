import type { TelemetrySettings, TelemetrySignal } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { SenderKey } from '../auth/key-directory.ts'
import { TokenBucket } from './token-bucket.ts'

type Measure = TelemetrySignal | 'bytes'
type RateName = 'samplesPerSecond' | 'logsPerSecond' | 'spansPerSecond' | 'bytesPerSecond'

const RATES: Record<Measure, { name: RateName; unit: string }> = {
  metrics: { name: 'samplesPerSecond', unit: 'samples' },
  logs: { name: 'logsPerSecond', unit: 'log records' },
  traces: { name: 'spansPerSecond', unit: 'spans' },
  bytes: { name: 'bytesPerSecond', unit: 'bytes' },
}
/** A sender is never sent away for longer than this, however deep the debt. */
const MAX_RETRY_SECONDS = 60
/** Workspaces that are looked through for idle ones at a time. */
const MAX_WORKSPACES = 10_000
const IDLE_MS = 10 * 60_000

interface Account {
  buckets: Partial<Record<Measure, TokenBucket>>
  usedAt: number
}

/**
 * Holds every workspace to its rates. The settings are for the workspace as a whole; each ingest process grants the
 * share that falls to it, an equal part for every process that lives.
 */
export class RateLimiter {
  readonly #accounts = new Map<number, Account>()
  /** Ingest processes that share the rates. */
  replicas = 1

  /** Throws 'rate_limited' while what was sent before is more than the workspace's rate of this signal or of bytes. */
  admit(key: SenderKey, signal: TelemetrySignal, now: number): void {
    const account = this.#accountOf(key, now)
    for (const measure of [signal, 'bytes'] as const) {
      const waitSeconds = this.#bucket(account, measure, key.telemetry, now).waitSeconds(now)
      if (waitSeconds > 0) throw overLimit(measure, key.telemetry, waitSeconds)
    }
  }

  charge(key: SenderKey, measure: Measure, amount: number, now: number): void {
    if (amount !== 0) this.#bucket(this.#accountOf(key, now), measure, key.telemetry, now).charge(amount, now)
  }

  #accountOf({ workspaceNumber }: SenderKey, now: number): Account {
    const known = this.#accounts.get(workspaceNumber)
    if (known) {
      known.usedAt = now
      return known
    }
    if (this.#accounts.size >= MAX_WORKSPACES) this.#forgetIdle(now)
    const made = { buckets: {}, usedAt: now }
    this.#accounts.set(workspaceNumber, made)
    return made
  }

  #bucket(account: Account, measure: Measure, settings: TelemetrySettings, now: number): TokenBucket {
    const perSecond = settings[RATES[measure].name] / this.replicas
    const bucket = (account.buckets[measure] ??= new TokenBucket(perSecond, now))
    bucket.setRate(perSecond, now)
    return bucket
  }

  #forgetIdle(now: number): void {
    for (const [workspace, { usedAt }] of this.#accounts) if (now - usedAt > IDLE_MS) this.#accounts.delete(workspace)
  }
}

function overLimit(measure: Measure, settings: TelemetrySettings, waitSeconds: number): NinesError {
  const { name, unit } = RATES[measure]
  const retryAfterSeconds = Math.min(MAX_RETRY_SECONDS, Math.ceil(waitSeconds))
  const message = `the workspace sends more than its limit of ${settings[name]} ${unit} a second (${name}); retry`
  return new NinesError('rate_limited', message, { retryAfterSeconds })
}
