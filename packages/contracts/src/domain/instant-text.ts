/**
 * An instant (epoch ms) as a sentence names it: "23 Nov 2026, 09:00 UTC", with `seconds` "09:00:05". In another zone
 * (an IANA name) its clock and short name: "23 Nov 2026, 10:00 CET".
 */
export function instantText(at: number, { timeZone = 'UTC', seconds = false } = {}): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? ''
  const clock = `${part('hour')}:${part('minute')}${seconds ? `:${part('second')}` : ''}`
  return `${part('day')} ${part('month')} ${part('year')}, ${clock} ${part('timeZoneName')}`
}
