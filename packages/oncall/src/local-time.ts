import { NinesError } from '@nines/kernel'
import { Temporal } from 'temporal-polyfill'

/** Whether a name is an IANA time zone such as `Europe/Berlin`; fixed offsets are refused, they know no DST. */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

/**
 * First instant (epoch ms) at which the clocks of a zone show `local` or later. Where that time is skipped, it is the
 * moment of the skip (02:30 becomes 03:00); where it comes twice, the first one.
 */
export function firstInstantOf(local: Temporal.PlainDateTime, timeZone: string): number {
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds
  // Skipped: `earlier` lies before the gap, and the next change of the offset is the gap itself.
  return earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? earlier.epochMilliseconds
}

/** Date and time that the clocks of a zone show. Throws NinesError `invalid` for an unknown zone. */
export function localDateTime(at: number, timeZone: string): Temporal.PlainDateTime {
  if (!isTimeZone(timeZone)) throw new NinesError('invalid', `${timeZone} is not an IANA time zone`)
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDateTime()
}
