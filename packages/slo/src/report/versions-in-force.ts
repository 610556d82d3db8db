import type { Objective, SliSpec } from '@nines/contracts'
import { minuteOf } from '../minute.ts'
import type { Span } from '../window-span.ts'

/** One version of an SLO and when it was made, epoch ms. */
export interface ReportVersion extends Objective {
  version: number
  createdAt: number
  sli: SliSpec
  furtherObjectives: readonly Objective[]
}

/** A version with the part of a stretch of time over which it was in force. */
export interface VersionInForce extends Span {
  version: ReportVersion
}

/**
 * Which version held when in [from, to): each from the minute in which it was made until the next one was, the first one
 * also before, as far as it was computed back. None from `endsAt` on, when the SLO was archived.
 */
export function versionsInForce(
  versions: readonly ReportVersion[],
  { from, to }: Span,
  endsAt: number | null,
): VersionInForce[] {
  const ordered = versions.toSorted((a, b) => a.version - b.version)
  const end = Math.min(to, endsAt === null ? to : minuteOf(endsAt))
  const stretches = ordered.map((version, i) => {
    const next = ordered[i + 1]
    return {
      version,
      from: Math.max(from, i === 0 ? from : minuteOf(version.createdAt)),
      to: Math.min(end, next === undefined ? end : minuteOf(next.createdAt)),
    }
  })
  return stretches.filter((stretch) => stretch.from < stretch.to)
}
