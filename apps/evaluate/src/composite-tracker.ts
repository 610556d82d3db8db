import { nominalDays, type CompositeSli } from '@nines/contracts'
import type { SloDefinition } from '@nines/records'
import {
  Composite,
  DAY_MS,
  evaluateRules,
  HOUR_MS,
  measuredUntilAt,
  MINUTE_MS,
  minuteOf,
  newestMinuteOf,
  nextLookAt,
  silenceOf,
  silenceTerms,
  sloStatusAt,
  unmeasuredSinceAt,
  windowSpan,
  type CheckCadence,
  type Correction,
  type Hearing,
  type MemberOfComposite,
  type Span,
} from '@nines/slo'
import { CorrectedSpanCache } from './corrected-span-cache.ts'
import { CorrectionView } from './correction-view.ts'
import type { EvaluatedSlo, Evaluation } from './evaluated-slo.ts'
import type { SloTracker } from './slo-tracker.ts'
import type { SaidVerdict } from './verdict-report.ts'

export type CompositeDefinition = SloDefinition & { sli: CompositeSli }

/** Burns over so long are shown of every SLO. */
const SHOWN_MS = DAY_MS

/** Finds an SLO of this replica. */
export type FindEvaluated = (sloId: string) => SloTracker | CompositeTracker | undefined

/** What a member comes to: everything that makes its minutes others than they were is in `identity`. */
interface PlannedMember {
  identity: readonly unknown[]
  build: () => MemberOfComposite
}

/**
 * One version of a composite under evaluation. It holds no minutes: its members are evaluated on the same replica, and
 * it reads theirs, so that there is no SQL between a bad event of a member and the composite's alert either.
 */
export class CompositeTracker implements EvaluatedSlo {
  definition: CompositeDefinition
  readonly saidVerdicts = new Map<string, SaidVerdict>()
  evaluatedAt = 0
  onTouched: () => void = () => {}
  #isTouched = false
  #heard: ReadonlySet<SloTracker> = new Set()
  readonly #hear = (): void => this.touch()
  readonly #find: FindEvaluated
  /** By the way down to a member: what the composites above it correct. */
  readonly #views = new Map<string, { view: CorrectionView; covered: CorrectedSpanCache }>()
  #built: { identity: readonly unknown[]; composite: Composite } | undefined

  constructor(definition: CompositeDefinition, find: FindEvaluated) {
    this.definition = definition
    this.#find = find
  }

  /** The SLOs with minutes that it comes down to, each once; null while one is not here. */
  leaves(): SloTracker[] | null {
    const leaves = new Set<SloTracker>()
    for (const { sloId } of this.definition.sli.members) {
      const member = this.#find(sloId)
      const below = member instanceof CompositeTracker ? member.leaves() : member && [member]
      if (!below) return null
      for (const leaf of below) leaves.add(leaf)
    }
    return [...leaves]
  }

  /** Its history is that of its members: with theirs in memory, its own is. Over members that are half there it says nothing. */
  get canDecide(): boolean {
    return this.leaves()?.every((leaf) => leaf.isReady && leaf.counted !== null) ?? false
  }

  touch(): void {
    if (this.#isTouched) return
    this.#isTouched = true
    this.onTouched()
  }

  /** Hears of changes of the members that are here now, and of no others any more. */
  listen(): void {
    const leaves = new Set(this.leaves())
    for (const former of this.#heard) if (!leaves.has(former)) former.onChanged.delete(this.#hear)
    for (const leaf of leaves) leaf.onChanged.add(this.#hear)
    this.#heard = leaves
  }

  evaluate(now: number, heard: Hearing): Evaluation {
    this.evaluatedAt = now
    const floor = this.#windowStart(now) - HOUR_MS
    const composite = this.#composite({ from: floor, to: now + MINUTE_MS })
    composite.advance(now)
    composite.forgetBefore(floor)
    this.#isTouched = false
    const { id: sloId, version, target, window, furtherObjectives, rules } = this.definition
    const terms = { sloId, version, target, window, furtherObjectives, rules }
    const leaves = this.leaves() ?? []
    const measured = newestMinuteOf(leaves.map((leaf) => leaf.accumulator.minutes))
    const silence = silenceTerms(cadencesOf(leaves))(measuredUntilAt(measured, now))
    const results = evaluateRules(composite.counts, terms, now, { ...silence, heard, measured })
    const { silenceSeconds } = silence
    const status = sloStatusAt(composite.counts, terms, results, now, silenceSeconds)
    // Verdicts and silence of members are judged at the ends of minutes.
    const unmeasuredSince = unmeasuredSinceAt(measured, now, silenceSeconds)
    return {
      results,
      status: { ...status, unmeasuredSince },
      nextLookAt: nextLookAt(results, now, { silenceSeconds, isByTimeSlices: true }),
    }
  }

  #windowStart(now: number): number {
    const { window, furtherObjectives } = this.definition
    const starts = [window, ...furtherObjectives.map((one) => one.window)].map((one) => windowSpan(one, now).from)
    return minuteOf(Math.min(...starts, now - nominalDays(window) * DAY_MS, now - SHOWN_MS))
  }

  /** The same until a member's minutes become others, and not just more. */
  #composite(range: Span): Composite {
    const planned = this.#planComposite(this.definition, { path: '', corrections: [] }, range)
    const { identity } = planned
    const known = this.#built?.identity
    const isSame = known?.length === identity.length && identity.every((one, i) => one === known[i])
    if (!this.#built || !isSame) this.#built = { identity, composite: planned.build() }
    return this.#built.composite
  }

  #planComposite(
    { id, version, sli, corrections: own }: CompositeDefinition,
    above: { path: string; corrections: readonly Correction[] },
    range: Span,
  ): { identity: readonly unknown[]; build: () => Composite } {
    const below = { path: `${above.path}/${id}`, corrections: [...above.corrections, ...own] }
    const members = sli.members.map((member) => this.#planMember(member, below, range))
    return {
      identity: [id, version, ...members.flatMap((member) => member.identity)],
      build: () =>
        new Composite(
          sli.combine,
          members.map((member) => member.build()),
        ),
    }
  }

  #planMember(
    { sloId, weight = 1, noData }: CompositeSli['members'][number],
    above: { path: string; corrections: readonly Correction[] },
    range: Span,
  ): PlannedMember {
    const member = this.#find(sloId)
    const leaves = member instanceof CompositeTracker ? member.leaves() : member && [member]
    // Nothing is evaluated before every member is here.
    if (!member || !leaves) throw new Error(`${sloId}, a member of ${this.definition.id}, is not evaluated here`)
    // Several SLOs are silent when all of them are.
    const cadences = cadencesOf(leaves)
    const { target, corrections } = member.definition
    const { view, covered: cache } = this.#viewOf(`${above.path}/${sloId}`)
    const covered = noData === 'ignore' ? [] : cache.of([...above.corrections, ...corrections], range)
    const common = { target, weight, noData, covered }
    const identity = [target, ...cadences, noData === 'ignore' ? null : covered]
    if (member instanceof CompositeTracker) {
      const nested = this.#planComposite(member.definition, above, range)
      return {
        identity: [...identity, ...nested.identity],
        build: () => ({ ...common, silence: silenceOf(cadences), minutes: nested.build() }),
      }
    }
    if (!member.counted) throw new Error(`${sloId}, a member of ${this.definition.id}, is not in memory yet`)
    const minutes = view.of(member.counted, above.corrections, range)
    return { identity: [...identity, minutes], build: () => ({ ...common, silence: silenceOf(cadences), minutes }) }
  }

  #viewOf(path: string) {
    const known = this.#views.get(path)
    if (known) return known
    const made = { view: new CorrectionView(), covered: new CorrectedSpanCache() }
    this.#views.set(path, made)
    return made
  }
}

function cadencesOf(leaves: readonly SloTracker[]): CheckCadence[] {
  return leaves.map((leaf) => leaf.definition.checkCadence)
}
