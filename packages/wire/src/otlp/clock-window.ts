import { DEFAULT_TELEMETRY_SETTINGS, type TelemetrySettings } from '@nines/contracts'
import { durationText } from '../duration-text.ts'

/** How far from our clock an instant may be. */
export type ClockWindow = Pick<TelemetrySettings, 'maxPastSeconds' | 'maxFutureSeconds'>

export const DEFAULT_CLOCK_WINDOW: ClockWindow = DEFAULT_TELEMETRY_SETTINGS

/** Why an instant (epoch ms) lies outside the window, '' when it does not. `what` is what happened then, as 'a record'. */
export function clockFault(ms: number, now: number, what: string, window: ClockWindow): string {
  if (ms < now - 1_000 * window.maxPastSeconds) return `${what} is older than ${durationText(window.maxPastSeconds)}`
  return futureFault(ms, now, `${what} is`, window)
}

/** The same for what may be as old as it likes. `what` ends with the verb, as 'a span ends'. */
export function futureFault(ms: number, now: number, what: string, window: ClockWindow): string {
  if (ms <= now + 1_000 * window.maxFutureSeconds) return ''
  return `${what} more than ${durationText(window.maxFutureSeconds)} in the future`
}
