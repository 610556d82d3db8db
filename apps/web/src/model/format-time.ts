/** Whose clock the dashboard shows. */
export type ClockMode = 'utc' | 'local'
export type TimeStyle = 'full' | 'minute' | 'second' | 'clock' | 'day' | 'date' | 'number'

const STYLES: Record<TimeStyle, Intl.DateTimeFormatOptions> = {
  full: { day: '2-digit', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  second: { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { weekday: 'short', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  day: { weekday: 'short', day: '2-digit', month: 'short' },
  date: { day: 'numeric', month: 'short' },
  number: { day: 'numeric' },
}

const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(style: TimeStyle, timeZone: string): Intl.DateTimeFormat {
  const key = `${style} ${timeZone}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { ...STYLES[style], timeZone, hourCycle: 'h23' })
    formats.set(key, format)
  }
  return format
}

/** The zone of a clock mode, as an IANA name. */
export function zoneOf(mode: ClockMode): string {
  return mode === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** The zone's short name at that instant: "UTC", "CET", "GMT+5:30". */
export function zoneLabel(at: number, timeZone: string): string {
  if (timeZone === 'UTC') return 'UTC'
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' }).formatToParts(at)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone
}

/** Epoch ms in the given zone, always followed by the zone (except a bare day). "22 Nov, 14:03:22 UTC". */
export function formatInstant(at: number, timeZone: string, style: TimeStyle = 'second'): string {
  const text = formatOf(style, timeZone).format(at)
  return style === 'day' || style === 'date' || style === 'number' ? text : `${text} ${zoneLabel(at, timeZone)}`
}

/** Without the zone, for axis ticks and cells under a heading that names it. */
export function formatBare(at: number, timeZone: string, style: TimeStyle): string {
  return formatOf(style, timeZone).format(at)
}

/** What <input type="datetime-local"> shows for an instant: YYYY-MM-DDTHH:MM in the zone. */
export function toInputValue(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? '00'
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** The instant that a local date and time name in a zone; null when it is no date. In a DST gap: the later reading. */
export function fromInputValue(value: string, timeZone: string): number | null {
  const asUtc = Date.parse(`${value}Z`)
  if (Number.isNaN(asUtc)) return null
  let at = asUtc - offsetMs(asUtc, timeZone)
  at = asUtc - offsetMs(at, timeZone)
  return at
}

/** How far the zone's wall clock is ahead of UTC at an instant, ms (to the minute). */
export function offsetMs(at: number, timeZone: string): number {
  const minute = Math.floor(at / 60_000) * 60_000
  return Date.parse(`${toInputValue(minute, timeZone)}Z`) - minute
}
