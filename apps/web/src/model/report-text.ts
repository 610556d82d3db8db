import type { ReportedObjective, ReportedTeam, ReportIncidents, SloReport } from '@nines/contracts'
import { describeCombine } from './composite-words.ts'
import { formatDuration } from './format-duration.ts'
import { formatTarget } from './format-ratio.ts'
import { formatBare, toInputValue, zoneLabel } from './format-time.ts'

/** `March 2026`; of a time given by its bounds, the bounds. */
export function periodTitle({ unit, label, zone, from, to }: SloReport['period']): string {
  return unit === null ? boundsText({ from, to }, zone) : unit === 'week' ? `Week ${label}` : label
}

/** `1 Mar 2026, 00:00 – 1 Apr 2026, 00:00 CEST`. */
export function boundsText({ from, to }: { from: number; to: number }, zone: string): string {
  return `${momentText(from, zone)} – ${momentText(to, zone)} ${zoneLabel(to, zone)}`
}

function momentText(at: number, zone: string): string {
  return `${formatBare(at, zone, 'date')} ${toInputValue(at, zone).slice(0, 4)}, ${toInputValue(at, zone).slice(11)}`
}

export function teamName(team: ReportedTeam['team']): string {
  return team?.name ?? 'No team'
}

/** A difference of ratios in percentage points, with three digits and its sign: `+0.0123 pp`. */
export function formatPoints(change: number | null | undefined): string {
  if (change === null || change === undefined) return '–'
  const points = change * 100
  if (points === 0) return '±0 pp'
  if (Math.abs(points) < 0.0001) return points > 0 ? '< +0.0001 pp' : '> −0.0001 pp'
  const digits = Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(Math.abs(points)))))
  return `${signOf(points)}${Math.abs(points).toFixed(digits)} pp`
}

function signOf(value: number): string {
  return value < 0 ? '−' : '+'
}

/** `2 incidents, acknowledged in 3 min, resolved in 40 min` (medians). */
export function incidentsText(incidents: ReportIncidents): string {
  const { count, medianAcknowledgeSeconds: acknowledged, medianResolveSeconds: resolved } = incidents
  const parts = [`${count} ${count === 1 ? 'incident' : 'incidents'}`]
  if (acknowledged !== null) parts.push(`acknowledged in ${formatDuration(acknowledged)}`)
  if (resolved !== null) parts.push(`resolved in ${formatDuration(resolved)}`)
  return parts.join(', ')
}

/** What is worth knowing of how a row came about: what it was made of, versions that changed, and corrections. */
export function rowNotes({ composite, versions, corrected }: ReportedObjective): string[] {
  const notes = composite === null ? [] : [describeCombine(composite.combine, composite.members.length)]
  if (versions.length > 1)
    notes.push(versions.map(({ version, target }) => `v${version}: ${formatTarget(target)}`).join(', '))
  const { excludedMinutes, goodMinutes } = corrected
  if (excludedMinutes > 0) notes.push(`${formatDuration(excludedMinutes * 60)} excluded`)
  if (goodMinutes > 0) notes.push(`${formatDuration(goodMinutes * 60)} counted as good`)
  return notes
}
