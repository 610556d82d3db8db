import { isComposite, type CompositeSli, type OwnSli, type ReportedObjective } from '@nines/contracts'
import type { CadenceOf, ReportSlo } from '@nines/records'
import {
  compositePeriod,
  compositeRows,
  memberBadShare,
  MemberMinutes,
  MINUTE_MS,
  MinuteGrid,
  ReportComposite,
  sloPeriod,
  stretchesOfKind,
  type CompositeRow,
  type ObjectivePeriod,
  type VersionInForce,
} from '@nines/slo'
import { causesOfRow } from './causes-of-row.ts'
import {
  followedKey,
  followMembers,
  leavesBelow,
  membersBelow,
  whatMeasures,
  type Followed,
  type FollowedMember,
} from './followed-members.ts'
import type { ReadMember } from './read-members.ts'
import type { NamedCorrection, ReportCorrections } from './report-corrections.ts'
import { reportTree } from './report-tree.ts'
import type { Turns } from './turns.ts'
import { uniqueBy } from './unique-by.ts'
import {
  minutesOfVersions,
  pairOf,
  sliOfRow,
  type ReportedPair,
  type ReportTimes,
  type SloOfReport,
} from './report-one-slo.ts'

/** What composites need to know besides minutes. */
export interface CompositeTerms {
  /** Every SLO of the report and below its composites, by id. */
  known: ReadonlyMap<string, SloOfReport>
  correctionsOf: (slo: ReportSlo) => NamedCorrection[]
  worked: ReportCorrections
  cadenceOf: CadenceOf
  times: ReportTimes
  turns: Turns
}

/** A composite that waits for the minutes of SLOs. */
interface Waiting {
  one: SloOfReport
  /** Ids of the SLOs whose minutes it needs, and those of them that were not read yet. */
  needs: ReadonlySet<string>
  missing: Set<string>
}

/**
 * The composites of a report. Each is reported when the last SLO below it was read, and minutes that no other composite waits for are
 * let go: what is read is read once, whoever needs it.
 */
export class ReportComposites {
  readonly #terms: CompositeTerms
  readonly #slos: ReadonlyMap<string, ReportSlo>
  #waiting: readonly Waiting[]
  /** Versions to read, by the id of their SLO. */
  readonly #versions = new Map<string, Map<number, OwnSli>>()
  /** Minutes that were read, likewise. */
  readonly #kept = new Map<string, Map<number, MemberMinutes>>()

  /** `wanted` are the SLOs of the report; those that are no composite are nothing to it. */
  constructor(wanted: readonly SloOfReport[], terms: CompositeTerms) {
    this.#terms = terms
    this.#slos = new Map([...terms.known].map(([id, { slo }]) => [id, slo]))
    this.#waiting = wanted.filter(isOfComposites).map((one) => {
      const needs = this.#needsOf(one)
      return { one, needs, missing: new Set(needs) }
    })
  }

  /** Versions of an SLO whose minutes composites need, in the order of their numbers; none of most SLOs. */
  versionsOf(sloId: string): number[] {
    return [...(this.#versions.get(sloId)?.keys() ?? [])].toSorted((a, b) => a - b)
  }

  /** Place of the first composite that needs the SLO: what is needed together is best read together. null of most SLOs. */
  placeOf(sloId: string): number | null {
    const place = this.#waiting.findIndex(({ needs }) => needs.has(sloId))
    return place < 0 ? null : place
  }

  /** How many versions are kept at once at most, when SLOs are read in this order. */
  mostKept(order: readonly string[]): number {
    const places = new Map(order.map((sloId, place) => [sloId, place]))
    const until = new Map<string, number>()
    for (const { needs } of this.#waiting) {
      const last = Math.max(-1, ...Array.from(needs, (sloId) => places.get(sloId) ?? -1))
      for (const sloId of needs) until.set(sloId, Math.max(last, until.get(sloId) ?? -1))
    }
    const changes = order.map(() => 0)
    for (const [sloId, last] of until) {
      const versions = this.#versions.get(sloId)?.size ?? 0
      const first = places.get(sloId) ?? last
      changes[first] = (changes[first] ?? 0) + versions
      if (last + 1 < changes.length) changes[last + 1] = (changes[last + 1] ?? 0) - versions
    }
    let [kept, most] = [0, 0]
    for (const change of changes) most = Math.max(most, (kept += change))
    return most
  }

  /** Takes the minutes of an SLO, and reports the composites that waited for nothing else. Without one, those that wait for nothing. */
  async *take(read: ReadMember | null): AsyncGenerator<[sloId: string, pair: ReportedPair]> {
    if (read !== null) this.#keep(read)
    for (const { one, missing } of this.#waiting) if (missing.size === 0) yield [one.slo.id, await this.#report(one)]
    this.#waiting = this.#waiting.filter(({ missing }) => missing.size > 0)
    for (const sloId of this.#kept.keys()) if (this.placeOf(sloId) === null) this.#kept.delete(sloId)
  }

  #needsOf(one: SloOfReport): Set<string> {
    const needs = new Set<string>()
    const need = (sloId: string, version: number, sli: OwnSli) => {
      needs.add(sloId)
      this.#versions.set(sloId, (this.#versions.get(sloId) ?? new Map<number, OwnSli>()).set(version, sli))
    }
    for (const inForce of [one.inForce, one.inForceBefore]) {
      for (const { version } of inForce) if (!isComposite(version.sli)) need(one.slo.id, version.version, version.sli)
      for (const row of rowsOfComposites(inForce))
        for (const leaf of leavesBelow(this.#follow(row))) need(leaf.sloId, leaf.version, leaf.sli)
    }
    return needs
  }

  #keep({ one, minutesOf }: ReadMember): void {
    const sloId = one.slo.id
    const waiting = this.#waiting.filter(({ missing }) => missing.delete(sloId))
    if (waiting.length === 0) return
    const corrected = this.#terms.known.get(sloId)?.corrections.corrected ?? []
    const { range } = this.#terms.times
    const kept = new Map<number, MemberMinutes>()
    for (const [version, sli] of this.#versions.get(sloId) ?? [])
      kept.set(version, new MemberMinutes(minutesOf(version), { sli, corrected, endedBy: range.to }))
    this.#kept.set(sloId, kept)
  }

  #minutesOf(sloId: string, version: number): MemberMinutes {
    const minutes = this.#kept.get(sloId)?.get(version)
    if (!minutes) throw new Error(`version ${version} of ${sloId} was not read`)
    return minutes
  }

  #follow({ versions, to }: CompositeRow): Followed {
    return followMembers(versions.at(-1)?.version.sli as CompositeSli, to, this.#slos)
  }

  async #report(one: SloOfReport): Promise<ReportedPair> {
    const { times } = this.#terms
    const made = new Map<string, ReportComposite>()
    const rows = await this.#periodOf(one, one.inForce, { made, withCauses: true })
    const before = await this.#periodOf(one, one.inForceBefore, { made, withCauses: false })
    const below = rowsOfComposites(one.inForce).flatMap((row) => membersBelow(this.#follow(row)))
    const all = [...new Set([one, ...below.flatMap(({ slo }) => this.#of(slo))])]
    return pairOf(
      {
        slo: one.slo,
        listed: uniqueBy(
          all.flatMap(({ corrections }) => corrections.listed),
          ({ id }) => id,
        ),
        incidents: uniqueBy(
          all.flatMap(({ incidents }) => incidents),
          ({ id }) => id,
        ),
      },
      {
        rows,
        before,
        indicatorOf: (row) => this.#indicatorOf(one, row),
        compositeOf: (row) => this.#compositeOf(one, row, made),
      },
      times,
    )
  }

  /** The rows of some versions in force: those of a composite, and those of times in which the SLO had slices of its own. */
  async #periodOf(
    one: SloOfReport,
    inForce: readonly VersionInForce[],
    { made, withCauses }: { made: Map<string, ReportComposite>; withCauses: boolean },
  ): Promise<ObjectivePeriod[]> {
    const found: ObjectivePeriod[] = []
    for (const stretch of stretchesOfKind(inForce)) {
      const rows = rowsOfComposites(stretch)
      const sources = new Map<CompositeRow, { made: ReportComposite; followed: Followed }>()
      for (const row of rows) {
        const followed = this.#follow(row)
        sources.set(row, { made: await this.#madeOf(one, followed, made), followed })
      }
      if (rows.length === 0) found.push(...this.#ownPeriod(one, stretch, withCauses))
      else {
        const work = compositePeriod(rows, (row) => {
          const source = sources.get(row)
          if (!source) throw new Error('every row has its source')
          const below = membersBelow(source.followed)
          return { made: source.made, ...(withCauses && { causesOf: this.#causesOf(one, below) }) }
        })
        found.push(...(await this.#terms.turns.run(work)))
      }
    }
    return found
  }

  #ownPeriod(one: SloOfReport, inForce: readonly VersionInForce[], withCauses: boolean): ObjectivePeriod[] {
    const { range } = this.#terms.times
    const measuredOf = (version: number) => {
      const { stored } = this.#minutesOf(one.slo.id, version)
      return MinuteGrid.of(stored.columnsOf(stored.hours()), range)
    }
    const minutesOf = minutesOfVersions(measuredOf, one.corrections, range)
    const { corrected } = one.corrections
    return sloPeriod({ inForce, minutesOf, corrected, ...(withCauses && { causesOf: this.#causesOf(one, []) }) })
  }

  /** The composite over all that was read, silence and verdicts worked out. */
  async #madeOf(one: SloOfReport, followed: Followed, made: Map<string, ReportComposite>): Promise<ReportComposite> {
    const key = followedKey(followed)
    const known = made.get(key)
    if (known) return known
    const { correctionsOf, cadenceOf, worked, times } = this.#terms
    const minutesOf = (slo: ReportSlo, version: number) => this.#minutesOf(slo.id, version)
    const tree = reportTree(followed, correctionsOf(one.slo), { correctionsOf, cadenceOf, worked, minutesOf })
    const composite = await this.#terms.turns.run(ReportComposite.made(tree, times.range))
    made.set(key, composite)
    return composite
  }

  #causesOf(one: SloOfReport, below: readonly FollowedMember[]) {
    const others = below.flatMap(({ slo, version }) =>
      this.#of(slo).map((other) => ({ other, target: version.target })),
    )
    return causesOfRow(one, others, this.#terms.times.period)
  }

  #of({ id }: ReportSlo): SloOfReport[] {
    const known = this.#terms.known.get(id)
    return known ? [known] : []
  }

  #indicatorOf(one: SloOfReport, row: ObjectivePeriod): unknown {
    const sli = sliOfRow(one.slo, row)
    return sli && isComposite(sli) ? whatMeasures(followMembers(sli, row.to, this.#slos)) : sli
  }

  #compositeOf(
    one: SloOfReport,
    row: ObjectivePeriod,
    made: ReadonlyMap<string, ReportComposite>,
  ): ReportedObjective['composite'] {
    const sli = sliOfRow(one.slo, row)
    if (!sli || !isComposite(sli)) return null
    const followed = followMembers(sli, row.to, this.#slos)
    const windows = made.get(followedKey(followed))?.composite.memberWindows(row.from, row.to - MINUTE_MS) ?? []
    const members = followed.members.map(({ slo, version: { version } }, i) => {
      const bad = windows[i] ? memberBadShare(windows[i]) : null
      return { sloId: slo.id, name: slo.name, version, sli: bad === null ? null : 1 - bad }
    })
    return { combine: sli.combine, members }
  }
}

/** Whether it was a composite at some time of either period. */
export function isOfComposites({ inForce, inForceBefore }: SloOfReport): boolean {
  return [...inForce, ...inForceBefore].some(({ version }) => isComposite(version.sli))
}

function rowsOfComposites(inForce: readonly VersionInForce[]): CompositeRow[] {
  return stretchesOfKind(inForce)
    .filter(([first]) => first !== undefined && isComposite(first.version.sli))
    .flatMap(compositeRows)
}
