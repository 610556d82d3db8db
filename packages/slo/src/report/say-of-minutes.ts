import type { CorrectedSpan, NoDataRule } from '@nines/contracts'
import { MINUTE_MS, minuteOf } from '../minute.ts'
import type { Silence } from '../silence.ts'
import type { Span } from '../window-span.ts'

/** How a member's silence counts. */
export interface SilenceOfMember {
  noData: NoDataRule
  /** When nothing measured is silence. */
  silence: Silence
  /** Its corrections and those of all composites above it: silence in corrected time counts as nothing. */
  covered: readonly CorrectedSpan[]
}

/** Minutes of a stretch by their places. */
export interface MeasuredPlaces {
  /** 1 where the minute was measured. */
  readonly measured: Uint8Array
  hasEvents(index: number): boolean
}

/**
 * Which minutes of a member have a say: 1 those with events, 2 those in which it was silent, 0 others. History, which something could be
 * missing from, begins at the place `since`.
 */
export function sayOfMinutes(
  minutes: MeasuredPlaces,
  { silence, covered }: SilenceOfMember,
  { from }: Pick<Span, 'from'>,
  since: number,
): Uint8Array {
  const { measured } = minutes
  const says = new Uint8Array(measured.length)
  /** The place behind the newest measured minute, and the instant from which on nothing after it is silence, once it is asked for. */
  let heard = since
  let silentFrom: number | null = null
  for (let at = since; at < says.length; at++) {
    if (measured[at] === 1) {
      heard = at + 1
      silentFrom = null
      if (minutes.hasEvents(at)) says[at] = 1
      continue
    }
    silentFrom ??= silence.from(from + heard * MINUTE_MS)
    if (from + (at + 1) * MINUTE_MS >= silentFrom) says[at] = 2
  }
  const place = (at: number) => Math.min(says.length, Math.max(0, (minuteOf(at) - from) / MINUTE_MS))
  for (const span of covered)
    for (let at = place(span.from); at < place(span.to); at++) if (says[at] === 2) says[at] = 0
  return says
}
