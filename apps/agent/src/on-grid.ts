import { setTimeout as sleep } from 'node:timers/promises'

export interface GridOptions {
  intervalMs: number
  /** Shifts the grid, so that many of one interval do not run at the same instant. */
  offsetMs?: number
  /** Called with the grid's instant in epoch ms, one call at a time; an instant that passes meanwhile is left out. */
  run: (instant: number, signal: AbortSignal) => Promise<void>
  onFailure: (error: unknown) => void
}

export interface Grid {
  /** Aborts the signal of a call that runs and waits for its end. */
  stop(): Promise<void>
}

/** Calls at every multiple of the interval in wall-clock time, so that all hosts agree on the instants. */
export function onGrid(options: GridOptions): Grid {
  const { intervalMs, offsetMs = 0 } = options
  const stopping = new AbortController()
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const now = Date.now()
      const instant = now + intervalMs - modulo(now - offsetMs, intervalMs)
      if (!(await sleptUntil(instant, stopping.signal))) return
      await options.run(instant, stopping.signal).catch(options.onFailure)
    }
  }
  const finished = run()
  return {
    stop: () => {
      stopping.abort()
      return finished
    },
  }
}

/** False when aborted before. A timer may fire a millisecond early, which would give one instant twice. */
async function sleptUntil(instant: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const pauseMs = instant - Date.now()
    if (pauseMs <= 0) return true
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
  return false
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}
