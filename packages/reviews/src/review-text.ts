import { instantText, type IncidentSeverity } from '@nines/contracts'

/** `2 Jan 2026, 03:04:05 UTC`: a review is about seconds. */
export function secondText(at: number): string {
  return instantText(at, { seconds: true })
}

/** `1 h 2 min`, `3 min 4 s`, `5 s`: the two largest units. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ]
  const first = units.findIndex(([count]) => count > 0)
  if (first === -1) return '0 s'
  const shown = units.slice(first, first + 2).filter(([count]) => count > 0)
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ')
}

export function percentText(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(3))} %`
}

/** `99.95 %`, with every nine of it. */
export function targetText(target: number): string {
  return `${Number((target * 100).toFixed(8))} %`
}

/** `SEV 1` */
export function severityText(severity: IncidentSeverity): string {
  return severity.replace('sev', 'SEV ')
}

/** `12,345`; events of slices can be fractions. */
export function numberText(count: number): string {
  return Math.round(count).toLocaleString('en')
}

export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
