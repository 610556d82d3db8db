import type { CalendarUnit, ReportedTeam, ReportResult, ReportTotals, SloReport } from '@nines/contracts'
import type { ReportIncident } from '@nines/records'
import { DAY_MS, incidentTimes, minutesIn, reportedUntil, type ReportPeriod } from '@nines/slo'
import type { LedgerStores } from '../ledger-stores.ts'
import { readMembers } from './read-members.ts'
import { gridOf, gridOfMinutes, readHours, readMinutes } from './read-report-slices.ts'
import { reportBatches, requireFewMinutes } from './report-batches.ts'
import { reportOneSlo, type ReportedPair, type SloOfReport } from './report-one-slo.ts'
import { slosOfReport } from './slos-of-report.ts'
import { Turns } from './turns.ts'

export interface SloReportRequest {
  workspace: { id: string; number: number; slug: string }
  period: ReportPeriod & { unit: CalendarUnit | null; zone: string }
  previous: ReportPeriod
  /** Id or slug; null: services without a team; left out: all. */
  team?: string | null
  /** Id or slug; left out: all. */
  service?: string
  /** What was known at this instant, epoch ms; not later than `now`. */
  asOf: number
  now: number
  /** Fires when nobody waits for the report any more. */
  signal?: AbortSignal
}

/** Burns that began this long before the period keep their cause. */
const BURN_BACK_MS = DAY_MS

/**
 * What every SLO of a selection kept of its promise over a period, and over the one before. Figures are of slices, versions and
 * corrections as they were known at `asOf`, and of what changes had been told to be by then: asked for again, they are the same. Names
 * and teams are those of today. Slices are read as sums by hour, a batch of SLOs at a time, and as minutes where hours do not say enough and of what
 * composites are made of; others get their turn meanwhile.
 */
export async function loadSloReport(stores: LedgerStores, request: SloReportRequest): Promise<SloReport> {
  const { period, previous, asOf, signal } = request
  const until = reportedUntil(period, asOf)
  const times = { period: { from: period.from, to: until }, range: { from: previous.from - BURN_BACK_MS, to: until } }
  const turns = new Turns()
  const terms = { ...request, burnBackMs: BURN_BACK_MS, turns }
  const { wanted, plain, composites, members, others } = await slosOfReport(stores, terms, times)
  requireFewMinutes([...others, ...members], minutesIn(times.range))
  const pairs = new Map<string, ReportedPair>()
  const asked = { workspace: request.workspace.number, asOf, range: times.range, signal }
  const read = (batch: readonly SloOfReport[]) => readHours(stores, asked, batch, times)
  const batches = reportBatches(others, minutesIn(times.range))
  let coming = batches[0] && read(batches[0])
  for (const i of batches.keys()) {
    const hours = (await coming) ?? []
    const next = batches[i + 1]
    coming = next && read(next)
    // It is looked at when its turn comes; until then its failure is nobody's.
    coming?.catch(() => undefined)
    for await (const { slos, minutes } of readMinutes(stores, asked, hours))
      for (const slo of slos) {
        signal?.throwIfAborted()
        const { id } = slo.one.slo
        const measuredOf = (version: number) => gridOf(version, slo, minutes.get(id) ?? [], times.range)
        pairs.set(id, reportOneSlo(slo.one, measuredOf, times))
        await turns.offer()
      }
  }
  for await (const [id, pair] of composites.take(null)) pairs.set(id, pair)
  for await (const member of readMembers(stores, asked, members)) {
    signal?.throwIfAborted()
    const { id } = member.one.slo
    const measuredOf = (version: number) => gridOfMinutes(version, member.minutesOf(version), member.one, times)
    if (plain.has(id)) pairs.set(id, reportOneSlo(member.one, measuredOf, times))
    await turns.offer()
    for await (const [above, pair] of composites.take(member)) pairs.set(above, pair)
  }
  return assemble(request, until, wanted, pairs)
}

function assemble(
  { workspace, period, previous, asOf, now }: SloReportRequest,
  until: number,
  wanted: readonly SloOfReport[],
  pairs: ReadonlyMap<string, ReportedPair>,
): SloReport {
  const teams = [...Map.groupBy(wanted, ({ slo }) => slo.team?.id).values()].map((slos): ReportedTeam => {
    const reported = slos.flatMap(({ slo }) => pairs.get(slo.id)?.reported ?? [])
    return {
      team: slos[0]?.slo.team ?? null,
      totals: totalsOf(reported.map(({ result }) => result)),
      previousTotals: totalsOf(slos.flatMap(({ slo }) => pairs.get(slo.id)?.before ?? [])),
      incidents: incidentsOf(slos, period.from, until),
      slos: reported,
    }
  })
  return {
    workspace: workspace.slug,
    period: { ...period, until, isOver: until === period.to },
    previousPeriod: previous,
    asOf,
    generatedAt: now,
    totals: addTotals(teams.map(({ totals }) => totals)),
    previousTotals: addTotals(teams.map(({ previousTotals }) => previousTotals)),
    incidents: incidentsOf(wanted, period.from, until),
    teams: teams.filter(({ slos }) => slos.length > 0),
  }
}

/** Incidents with an alert of one of the SLOs that opened in [from, to), each once. */
function incidentsOf(slos: readonly SloOfReport[], from: number, to: number) {
  const each = new Map<string, ReportIncident>(
    slos.flatMap(({ incidents }) => incidents).map((incident) => [incident.id, incident]),
  )
  return incidentTimes([...each.values()].filter(({ openedAt }) => openedAt >= from && openedAt < to))
}

function totalsOf(results: readonly ReportResult[]): ReportTotals {
  const count = (wanted: ReportResult) => results.filter((result) => result === wanted).length
  return { slos: results.length, met: count('met'), missed: count('missed'), undefined: count('undefined') }
}

function addTotals(all: readonly ReportTotals[]): ReportTotals {
  const add = (key: keyof ReportTotals) => all.reduce((sum, totals) => sum + totals[key], 0)
  return { slos: add('slos'), met: add('met'), missed: add('missed'), undefined: add('undefined') }
}
