import { isComposite, type CompositeMember, type CompositeSli, type CorrectedSpan } from '@nines/contracts'
import { correctionsOf, findMemberSlos, type MemberSlo } from '@nines/records'
import {
  Composite,
  CorrectedMinutes,
  correctedSpans,
  HOUR_MS,
  MINUTE_MS,
  minuteOf,
  minutesOfSlices,
  silenceOf,
  spansOf,
  type Correction,
  type MemberOfComposite,
  type Span,
} from '@nines/slo'
import type { KnownSlice } from '@nines/telemetry'
import type { LedgerStores } from './ledger-stores.ts'
import { readCorrected, type CorrectableSlo, type CorrectedSlices } from './read-corrected.ts'

/** A member as it was read. */
export interface LoadedMember {
  slo: MemberSlo
  terms: CompositeMember
  /** Its own slices, or those of the leaves below it. */
  measured: KnownSlice[]
  maintenance: CorrectedSlices['maintenance']
  /** Itself and everything below it. */
  below: MemberSlo[]
}

/** A composite as its members' stored slices make it. */
export interface LoadedComposite {
  composite: Composite
  members: LoadedMember[]
  /** What each minute by itself comes to, with the newest revision of any member's minute: a month of them takes a while. */
  slices: () => KnownSlice[]
  /** The slices of all leaves. */
  measured: KnownSlice[]
  /** What its own corrections cover; those of members count in their minutes. */
  corrected: CorrectedSpan[]
  maintenance: CorrectedSlices['maintenance']
}

type CompositeSlo = CorrectableSlo & { sli: CompositeSli }
type Range = Span & { asOf?: number }

/** What one reading shares: a leaf that several composites have in common is read once. */
interface Reading {
  stores: LedgerStores
  range: Range
  leaves: Map<string, Promise<CorrectedSlices>>
}

/** Reads a composite over [from, to), epoch ms, each member at its current version, or at the one that held at `asOf`. */
export async function loadComposite(stores: LedgerStores, slo: CompositeSlo, range: Range): Promise<LoadedComposite> {
  const reading: Reading = { stores, range, leaves: new Map() }
  const loaded = await loadTree(reading, slo, [])
  loaded.composite.advance(range.to)
  const leaves = await Promise.all(reading.leaves.values())
  const measured = leaves.flatMap((leaf) => leaf.measured)
  return { ...loaded, measured, slices: () => slicesOf(loaded.composite, measured, slo, range) }
}

async function loadTree(
  reading: Reading,
  slo: CompositeSlo,
  above: readonly Correction[],
): Promise<Omit<LoadedComposite, 'slices' | 'measured'>> {
  const { stores, range } = reading
  const { id: sloId, workspaceId, serviceId, sli } = slo
  const own = await correctionsOf(stores.prisma, { workspaceId, sloId, serviceId }, range.asOf)
  const ids = sli.members.map((member) => member.sloId)
  const known = await findMemberSlos(stores.prisma, workspaceId, ids, range.asOf)
  const loaded: { member: LoadedMember; part: MemberOfComposite }[] = []
  for (const terms of sli.members) {
    const member = known.get(terms.sloId)
    if (member) loaded.push(await loadMember(reading, slo, { terms, member, above: [...above, ...own] }))
  }
  return {
    composite: new Composite(
      sli.combine,
      loaded.map(({ part }) => part),
    ),
    members: loaded.map(({ member }) => member),
    corrected: correctedSpans(own, range),
    maintenance: [
      ...own
        .filter(({ effect }) => effect === 'count')
        .flatMap(({ id, reason, ...one }) => spansOf(one, range).map((span) => ({ ...span, id, reason }))),
      ...loaded.flatMap(({ member }) => member.maintenance),
    ],
  }
}

async function loadMember(
  reading: Reading,
  slo: CompositeSlo,
  { terms, member, above }: { terms: CompositeMember; member: MemberSlo; above: readonly Correction[] },
): Promise<{ member: LoadedMember; part: MemberOfComposite }> {
  const { stores, range } = reading
  const { workspaceId, workspaceNumber } = slo
  const { id, version, sli, target, service } = member
  const scope = { id, version, workspaceId, workspaceNumber, serviceId: service.id }
  const { weight = 1, noData } = terms
  // Silence in corrected time is none; where silence is ignored nobody asks.
  const own =
    noData === 'ignore'
      ? []
      : await correctionsOf(stores.prisma, { workspaceId, sloId: id, serviceId: service.id }, range.asOf)
  const covered = noData === 'ignore' ? [] : correctedSpans([...own, ...above], range)
  if (isComposite(sli)) {
    const { composite, members, maintenance } = await loadTree(reading, { ...scope, sli }, above)
    const below = [member, ...members.flatMap((one) => one.below)]
    const silence = silenceOf(below.map(({ checkCadence }) => checkCadence))
    const measured = members.flatMap((one) => one.measured)
    return {
      member: { slo: member, terms, measured, maintenance, below },
      part: { minutes: composite, target, weight, noData, silence, covered },
    }
  }
  const silence = silenceOf([member.checkCadence])
  const read = await readLeaf(reading, scope, silence.longestMs)
  const counted = minutesOfSlices(read.slices, sli, range.to)
  const spans = correctedSpans(above, range)
  const minutes = spans.length === 0 ? counted : new CorrectedMinutes(counted, spans)
  const { measured, maintenance } = read
  return {
    member: { slo: member, terms, measured, maintenance, below: [member] },
    part: { minutes, target, weight, noData, silence, covered },
  }
}

/** With the time before it that says whether the first minutes were silent. */
function readLeaf(reading: Reading, slo: CorrectableSlo, silenceMs: number): Promise<CorrectedSlices> {
  const known = reading.leaves.get(slo.id)
  if (known) return known
  const { stores, range } = reading
  const from = minuteOf(range.from - Math.max(HOUR_MS, silenceMs))
  const read = readCorrected(stores, slo, { ...range, from })
  reading.leaves.set(slo.id, read)
  return read
}

function slicesOf(
  composite: Composite,
  measured: readonly KnownSlice[],
  { id: sloId, version }: CompositeSlo,
  { from, to }: Span,
): KnownSlice[] {
  const known = new Map<number, { revision: number; revisions: number }>()
  for (const { minute, revision, revisions } of measured) {
    if (minute < from || minute + MINUTE_MS > to) continue
    const before = known.get(minute)
    known.set(minute, {
      revision: Math.max(revision, before?.revision ?? 0),
      revisions: Math.max(revisions, before?.revisions ?? 0),
    })
  }
  return [...known]
    .sort(([a], [b]) => a - b)
    .flatMap(([minute, revised]) => {
      const counts = composite.get(minute)
      return counts === null ? [] : { sloId, version, minute, ...counts, expected: 0, ...revised }
    })
}
