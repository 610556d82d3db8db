import { isDeepStrictEqual } from 'node:util'
import type { ChangeDto, ReportedObjective, ReportedSlo, ReportResult, SliSpec } from '@nines/contracts'
import type { ReportIncident, ReportSlo } from '@nines/records'
import {
  incidentTimes,
  resultOf,
  sloPeriod,
  type MinuteGrid,
  type ObjectivePeriod,
  type Span,
  type VersionInForce,
  type VersionMinutes,
} from '@nines/slo'
import { spanOfChange, spanOfIncident } from '../slo-causes.ts'
import type { SloCorrections } from './report-corrections.ts'

/** An SLO of a report with everything that its figures come from. */
export interface SloOfReport {
  slo: ReportSlo
  /** Numbers of the versions that were in force. */
  versions: number[]
  inForce: VersionInForce[]
  inForceBefore: VersionInForce[]
  corrections: SloCorrections
  incidents: readonly ReportIncident[]
  changes: readonly ChangeDto[]
}

export interface ReportTimes {
  /** The elapsed part of the period. */
  period: Span
  /** Everything that was read. */
  range: Span
}

/** The SLO in the report, and how it did in the period before; null each where it was not there. */
export interface ReportedPair {
  reported: ReportedSlo | null
  before: ReportResult | null
}

/** Makes the report of one SLO of the minutes of its versions. */
export function reportOneSlo(
  { slo, inForce, inForceBefore, corrections, incidents, changes }: SloOfReport,
  measuredOf: (version: number) => MinuteGrid,
  { period, range }: ReportTimes,
): ReportedPair {
  const minutesOf = minutesOfVersions(measuredOf, corrections, range)
  const { corrected, maintenance } = corrections
  const shared = { minutesOf, corrected }
  const rows = sloPeriod({
    ...shared,
    inForce,
    causesOf: (bad, target) => ({
      incidents: incidents.map((incident) => spanOfIncident(incident, bad, target, period.to)),
      maintenance,
      changes: changes.map(spanOfChange),
    }),
  })
  const before = sloPeriod({ ...shared, inForce: inForceBefore })
  const indicatorOf = (row: ObjectivePeriod) => sliOfRow(slo, row)
  return pairOf({ slo, listed: corrections.listed, incidents }, { rows, before, indicatorOf }, { period })
}

/** The indicator of a row: all of its versions have the same. */
export function sliOfRow({ versions }: ReportSlo, row: ObjectivePeriod): SliSpec | undefined {
  return versions.find(({ version }) => version === row.versions[0]?.version)?.sli
}

interface SloPeriods {
  rows: readonly ObjectivePeriod[]
  /** The rows of the period before. */
  before: readonly ObjectivePeriod[]
  /** What a row measures. */
  indicatorOf: (row: ObjectivePeriod) => unknown
  /** What a composite was made of; left out of SLOs that never were one. */
  compositeOf?: (row: ObjectivePeriod) => ReportedObjective['composite']
}

/** An SLO in the report, given its rows. */
export function pairOf(
  { slo, listed, incidents }: Pick<SloOfReport, 'slo' | 'incidents'> & Pick<SloCorrections, 'listed'>,
  periods: SloPeriods,
  { period }: Pick<ReportTimes, 'period'>,
): ReportedPair {
  const { rows, before, compositeOf } = periods
  const opened = incidents.filter(({ openedAt }) => openedAt >= period.from && openedAt < period.to)
  const { id: sloId, slug, name, service, createdAt, archivedAt } = slo
  const reported: ReportedSlo = {
    sloId,
    slug,
    name,
    service,
    createdAt,
    archivedAt,
    result: resultOf(rows),
    objectives: rows.map((row) => ({
      ...row,
      composite: compositeOf?.(row) ?? null,
      previous: comparison(row, periods),
    })),
    corrections: listed,
    incidents: incidentTimes(opened),
  }
  return {
    reported: createdAt < period.to || isMeasured(rows) ? reported : null,
    before: createdAt < period.from || isMeasured(before) ? resultOf(before) : null,
  }
}

/** Each version's minutes, made when they are first asked for. */
export function minutesOfVersions(
  measuredOf: (version: number) => MinuteGrid,
  { corrected }: SloCorrections,
  range: Span,
): (version: ReportSlo['versions'][number]) => VersionMinutes {
  const made = new Map<number, VersionMinutes>()
  return ({ version, sli }) => {
    const known = made.get(version)
    if (known) return known
    const measured = measuredOf(version)
    const minutes = { measured, counted: measured.corrected(corrected).counted(sli, range.to) }
    made.set(version, minutes)
    return minutes
  }
}

function isMeasured(rows: readonly ObjectivePeriod[]): boolean {
  return rows.some(({ coverage }) => coverage.measured > 0)
}

/** The row of the period before that has the same place and indicator; null where it was not measured. */
function comparison(row: ObjectivePeriod, { before, indicatorOf }: SloPeriods): ReportedObjective['previous'] {
  const indicator = indicatorOf(row)
  const same = before.findLast(
    (one) => one.objective === row.objective && isDeepStrictEqual(indicatorOf(one), indicator),
  )
  if (same === undefined || same.coverage.measured === 0) return null
  return {
    good: same.good,
    total: same.total,
    sli: same.sli,
    result: same.result,
    consumedShare: same.consumed.share,
    coverageShare: same.coverage.share,
    sliChange: row.sli === null || same.sli === null ? null : row.sli - same.sli,
  }
}
