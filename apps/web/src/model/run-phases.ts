import type { CheckRun } from '@nines/contracts'

export const PHASES = [
  { key: 'dns', label: 'DNS' },
  { key: 'connect', label: 'Connect' },
  { key: 'tls', label: 'TLS' },
  { key: 'firstByte', label: 'First byte' },
  { key: 'transfer', label: 'Transfer' },
] as const
export type PhaseKey = (typeof PHASES)[number]['key']

export type RunPoint = Record<PhaseKey, number> & {
  at: number
  ok: boolean
  location: string
  total: number
  failed: number
}

/**
 * Runs as chart points, oldest first; a phase that did not happen is 0. A failed run is one `failed` bar as high as the
 * chart: at its true height a timeout would flatten all others.
 */
export function runPoints(runs: readonly CheckRun[], atMost: number): RunPoint[] {
  const top = Math.max(...runs.map((run) => (run.ok ? run.durationMs : 0))) * 1.1 || 1
  return [...runs]
    .sort((a, b) => a.startedAt - b.startedAt)
    .slice(-atMost)
    .map((run) => ({
      at: run.startedAt,
      ok: run.ok,
      location: run.location,
      total: run.durationMs,
      failed: run.ok ? 0 : top,
      dns: phase(run, run.phases.dnsMs),
      connect: phase(run, run.phases.connectMs),
      tls: phase(run, run.phases.tlsMs),
      firstByte: phase(run, run.phases.firstByteMs),
      transfer: phase(run, run.phases.transferMs),
    }))
}

function phase(run: CheckRun, ms: number | null): number {
  return run.ok ? (ms ?? 0) : 0
}

/** Nearest-rank percentile of the durations of passed runs, ms; null without any. */
export function durationPercentile(runs: readonly CheckRun[], share: number): number | null {
  const durations = runs
    .filter((run) => run.ok)
    .map((run) => run.durationMs)
    .sort((a, b) => a - b)
  return durations[Math.max(0, Math.ceil(share * durations.length) - 1)] ?? null
}
