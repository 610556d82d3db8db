import { clockFault } from '../otlp/clock-window.ts'

/** Why a point of that instant (epoch ms) is not taken at `now`; empty when it is. */
export function timeFault(at: number, now: number): string {
  return at === 0 ? 'a point has no time' : clockFault(at, now, 'a point')
}
