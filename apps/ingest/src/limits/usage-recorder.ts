import type { TelemetrySignal } from '@nines/contracts'
import type { UsageTally } from '@nines/pipeline'

/** Names of metrics that one workspace's refusals are told by between two flushes; the rest are told without a name. */
const MAX_NAMES = 50

interface Tally {
  accepted: Map<TelemetrySignal, { rows: number; bytes: number }>
  refused: Map<string, UsageTally['refused'][number]>
}

export interface Refusal {
  reason: string
  metric?: string | null
  rows?: number
  requests?: number
}

/** Counts what was taken and refused until somebody takes the counts. */
export class UsageRecorder {
  #tallies = new Map<string, Tally>()
  /** Workspaces that sent metrics, with the numbers that rows carry. */
  #metricSenders = new Map<string, number>()

  accepted(workspaceId: string, signal: TelemetrySignal, rows: number, bytes: number): void {
    const { accepted } = this.#tallyOf(workspaceId)
    const known = accepted.get(signal)
    if (known) {
      known.rows += rows
      known.bytes += bytes
    } else accepted.set(signal, { rows, bytes })
  }

  sentMetrics(workspaceId: string, workspace: number): void {
    this.#metricSenders.set(workspaceId, workspace)
  }

  /** Who sent metrics since the last call, by id. */
  takeMetricSenders(): Map<string, number> {
    const taken = this.#metricSenders
    this.#metricSenders = new Map()
    return taken
  }

  refused(workspaceId: string, signal: TelemetrySignal, refusal: Refusal): void {
    const { reason, rows = 0, requests = 0 } = refusal
    const { refused } = this.#tallyOf(workspaceId)
    const metric = refused.size < MAX_NAMES ? (refusal.metric ?? null) : null
    const id = JSON.stringify([signal, reason, metric])
    const known = refused.get(id)
    if (known) {
      known.rows += rows
      known.requests += requests
    } else refused.set(id, { signal, reason, metric, rows, requests })
  }

  /** Everything counted since the last call. */
  take(): UsageTally[] {
    const taken = [...this.#tallies].map(([workspaceId, { accepted, refused }]) => ({
      workspaceId,
      accepted: [...accepted].map(([signal, counts]) => ({ signal, ...counts })),
      refused: [...refused.values()],
    }))
    this.#tallies = new Map()
    return taken
  }

  /** Puts counts back that could not be told. */
  putBack(tallies: readonly UsageTally[]): void {
    for (const { workspaceId, accepted, refused } of tallies) {
      for (const { signal, rows, bytes } of accepted) this.accepted(workspaceId, signal, rows, bytes)
      for (const { signal, ...refusal } of refused) this.refused(workspaceId, signal, refusal)
    }
  }

  #tallyOf(workspaceId: string): Tally {
    const known = this.#tallies.get(workspaceId)
    if (known) return known
    const made: Tally = { accepted: new Map(), refused: new Map() }
    this.#tallies.set(workspaceId, made)
    return made
  }
}
