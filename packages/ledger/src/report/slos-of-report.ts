import { isComposite } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import {
  changesByService,
  checkCadences,
  correctionsHeldAt,
  reportIncidents,
  reportMembers,
  reportSlos,
  type ReportSlo,
} from '@nines/records'
import { minutesIn, versionsInForce, type Span, type VersionInForce } from '@nines/slo'
import type { LedgerStores } from '../ledger-stores.ts'
import { IMPACT_LOOK_BACK_MS } from '../slo-causes.ts'
import { isOfComposites, ReportComposites } from './report-composites.ts'
import { ReportCorrections } from './report-corrections.ts'
import type { ReportTimes, SloOfReport } from './report-one-slo.ts'
import type { Turns } from './turns.ts'

/** At 17 bytes each a gigabyte: 230 SLOs below connected composites over two quarters. */
const MOST_KEPT_MINUTES = 60_000_000

/** Which SLOs a report is about. */
interface Selection {
  workspace: { id: string }
  previous: Span
  team?: string | null
  service?: string
  asOf: number
  /** Burns that began this long before the period keep their cause. */
  burnBackMs: number
  turns: Turns
}

/** The SLOs of a report in its order, its composites, and everything that is to be read for both. */
export async function slosOfReport(
  { prisma }: LedgerStores,
  { workspace, previous, team, service, asOf, burnBackMs, turns }: Selection,
  times: ReportTimes,
): Promise<{
  wanted: SloOfReport[]
  /** Ids of those that are reported as soon as they were read. */
  plain: ReadonlySet<string>
  composites: ReportComposites
  /** What is to be read: what composites are made of, whether it is reported itself or not, and everything else. */
  members: SloOfReport[]
  others: SloOfReport[]
}> {
  const { period, range } = times
  const workspaceId = workspace.id
  const slos = await reportSlos(prisma, { workspaceId, team, service, asOf, from: period.from })
  const near = { from: period.from - burnBackMs, to: period.to }
  const [below, corrections, incidents, changes, cadenceOf] = await Promise.all([
    reportMembers(prisma, { workspaceId, asOf }, slos),
    correctionsHeldAt(prisma, workspaceId, asOf),
    reportIncidents(prisma, workspaceId, { ...near, to: near.to + IMPACT_LOOK_BACK_MS, asOf }),
    changesByService(prisma, workspaceId, { ...near, asOf }),
    checkCadences(prisma, workspaceId, asOf),
  ])
  const worked = new ReportCorrections(range, period)
  const correctionsOf = ({ id, service: own }: ReportSlo) => corrections({ sloId: id, serviceId: own.id })
  const toSlo = (slo: ReportSlo): SloOfReport => {
    const { id, service: own, versions, archivedAt } = slo
    const inForce = versionsInForce(versions, period, archivedAt)
    const inForceBefore = versionsInForce(versions, previous, archivedAt)
    return {
      slo,
      inForce,
      inForceBefore,
      versions: versionsWithSlices([...inForceBefore, ...inForce]),
      corrections: worked.of(correctionsOf(slo)),
      incidents: incidents.get(id) ?? [],
      changes: changes.get(own.id) ?? [],
    }
  }
  const wanted = slos.map(toSlo)
  const unasked = below.map((slo): SloOfReport => ({ ...toSlo(slo), versions: [] }))
  const known = new Map([...wanted, ...unasked].map((one) => [one.slo.id, one]))
  const composites = new ReportComposites(wanted, { known, correctionsOf, worked, cadenceOf, times, turns })
  const plain = new Set(wanted.filter((one) => !isOfComposites(one)).map(({ slo }) => slo.id))
  const members = membersOf(composites, [...known.values()])
  requireFewKept(composites.mostKept(members.map(({ slo }) => slo.id)) * minutesIn(range))
  const isRead = ({ slo: { id } }: SloOfReport) => plain.has(id) && composites.versionsOf(id).length === 0
  return { wanted, plain, composites, members, others: wanted.filter(isRead).toSorted(asTheyAreRead) }
}

function requireFewKept(minutes: number): void {
  if (minutes <= MOST_KEPT_MINUTES) return
  throw new NinesError(
    'too_large',
    `composites of the report would need ${Math.round(minutes / 1e6)} million minutes of their members at once, of ${MOST_KEPT_MINUTES / 1e6} million at most: choose a team, a service or a shorter period`,
  )
}

function versionsWithSlices(inForce: readonly VersionInForce[]): number[] {
  return unique(inForce.filter(({ version: { sli } }) => !isComposite(sli)).map(({ version }) => version.version))
}

/**
 * What composites are made of, at the versions that they need and those that are reported themselves: composite by composite, so
 * that minutes are kept for a short time.
 */
function membersOf(composites: ReportComposites, known: readonly SloOfReport[]): SloOfReport[] {
  const reads = known.flatMap((one) => {
    const place = composites.placeOf(one.slo.id)
    const versions = unique([...one.versions, ...composites.versionsOf(one.slo.id)])
    return place === null ? [] : { place, one: { ...one, versions } }
  })
  return reads.toSorted((a, b) => a.place - b.place).map(({ one }) => one)
}

const unique = (numbers: readonly number[]) => [...new Set(numbers)]

/** SLOs of like targets together, because what burns is asked by the highest one, and then as the store keeps them. */
const asTheyAreRead = (a: SloOfReport, b: SloOfReport) =>
  targetOf(a) - targetOf(b) || (a.slo.id < b.slo.id ? -1 : a.slo.id > b.slo.id ? 1 : 0)
const targetOf = ({ slo }: SloOfReport) => slo.versions.at(-1)?.target ?? 0
