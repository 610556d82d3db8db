import type { CompositeCombine } from '@nines/contracts'
import { ALIKE, combineWindows, type MemberWindow, type WindowCombine } from '../composite/combine-windows.ts'
import { scaledBy, windowScales, type Scale } from '../composite/spread-terms.ts'
import { MINUTE_MS, minuteOf, type EventCounts } from '../minute.ts'
import type { Span } from '../window-span.ts'
import { DenseMinutes } from './dense-minutes.ts'
import { sayOfMinutes, type SilenceOfMember } from './say-of-minutes.ts'

/** A member and its minutes as they count; all of a composite's cover the same stretch. */
export interface DenseMember extends SilenceOfMember {
  minutes: DenseMinutes | DenseComposite
  target: number
  weight: number
}

/** Places of the minutes in which a member of all_of said something, and of those in which one said that it was bad. */
interface Verdicts {
  spoken: Uint8Array
  bad: Uint8Array
}

/**
 * A composite over one stretch of time that does not change any more, in typed arrays: what Composite says of minutes that grow, of
 * hundreds of thousands of them in some thousandths of a second.
 */
export class DenseComposite {
  readonly combine: CompositeCombine
  readonly members: readonly DenseMember[]
  /** 1 in minutes that any member measured. */
  readonly measured: Uint8Array
  readonly #span: Span
  /** Of each member which minutes have a say (see sayOfMinutes); null where its silence is ignored. */
  readonly #says: (Uint8Array | null)[] = []
  /** Minutes of all_of, one event each; null where windows are combined. */
  #verdicts: DenseMinutes | null = null

  private constructor(combine: CompositeCombine, members: readonly DenseMember[], range: Span) {
    this.combine = combine
    this.members = members
    const from = minuteOf(range.from)
    this.#span = { from, to: range.to }
    this.measured = new Uint8Array(Math.max(0, Math.ceil((range.to - from) / MINUTE_MS)))
  }

  /** Makes it of members that cover `range`; between two steps of the work others may have their turn. */
  static *made(
    combine: CompositeCombine,
    members: readonly DenseMember[],
    range: Span,
  ): Generator<void, DenseComposite> {
    const composite = new DenseComposite(combine, members, range)
    for (const { minutes } of members) join(composite.measured, minutes.measured)
    const since = composite.measured.indexOf(1)
    for (const member of members) {
      yield
      const says = member.noData !== 'ignore' && since >= 0
      composite.#says.push(says ? sayOfMinutes(member.minutes, member, composite.#span, since) : null)
    }
    if (combine === 'all_of') composite.#verdicts = yield* composite.#judge()
    return composite
  }

  /** The minutes that start in first..last as one window. */
  sum(first: number, last: number): EventCounts {
    if (this.#verdicts) return this.#verdicts.sum(first, last)
    return combineWindows(this.combine as WindowCombine, this.memberWindows(first, last))
  }

  /** What every member counted in the minutes that start in first..last; of all_of without its silence. */
  memberWindows(first: number, last: number): MemberWindow[] {
    return this.members.map(({ minutes, weight, noData }, i) => {
      const { good, total } = minutes.sum(first, last)
      return { good, total, ...this.#saidIn(i, first, last), weight, noData }
    })
  }

  /** Whether the minute at a place had events of any member. */
  hasEvents(index: number): boolean {
    if (this.#verdicts) return (this.#verdicts.total[index] as number) > 0
    return this.members.some(({ minutes }) => minutes.hasEvents(index))
  }

  /** The minute at a place as a window by itself; null when no member measured it. */
  countsAt(index: number): EventCounts | null {
    if (this.measured[index] === 0) return null
    const minute = this.#span.from + index * MINUTE_MS
    return this.sum(minute, minute)
  }

  /**
   * Adds to minutes, as far as they start in their stretch, what the window comes to: every bad event of a member costs a known part of
   * the composite's budget, as spreadMinutes has it.
   */
  *spreadInto(into: DenseMinutes, window: Span, scale: Scale = WHOLE): Generator<void> {
    if (this.#verdicts) {
      into.addScaled(this.#verdicts, scale)
      return
    }
    const [first, last] = [window.from, window.to - MINUTE_MS]
    const windows = this.memberWindows(first, last)
    const combine = this.combine as WindowCombine
    const terms = windowScales(combine, windows, combineWindows(combine, windows).total)
    for (const [i, term] of terms.entries()) {
      if (term === null) continue
      const minutes = (this.members[i] as DenseMember).minutes
      const scaled = scaledBy(term.event, scale)
      if (minutes instanceof DenseComposite) yield* minutes.spreadInto(into, window, scaled)
      else into.addScaled(minutes, scaled)
      const says = this.#says[i]
      if (term.silence && says) into.addMarked(says, SILENT, this.#span.from, scaledBy(term.silence, scale))
      yield
    }
  }

  #saidIn(member: number, first: number, last: number): { spoken: number; silent: number } {
    const says = this.combine === 'all_of' ? null : this.#says[member]
    if (!says) return { spoken: 0, silent: 0 }
    const place = (at: number) => Math.min(says.length, Math.max(0, (at - this.#span.from) / MINUTE_MS))
    const end = place(last + MINUTE_MS)
    let [spoken, silent] = [0, 0]
    for (let i = place(first); i < end; i++) {
      if (says[i] === SPOKEN) spoken++
      else if (says[i] === SILENT) silent++
    }
    return { spoken, silent }
  }

  *#judge(): Generator<void, DenseMinutes> {
    const { length } = this.measured
    const verdicts: Verdicts = { spoken: new Uint8Array(length), bad: new Uint8Array(length) }
    for (const [i, member] of this.members.entries()) {
      if (member.minutes instanceof DenseComposite) yield* judgeComposite(verdicts, member.minutes, member.target)
      else judgeMinutes(verdicts, member.minutes, member.target)
      const says = this.#says[i]
      if (says && member.noData === 'bad')
        for (let at = 0; at < length; at++) if (says[at] === SILENT) verdicts.bad[at] = 1
      yield
    }
    const minutes = new DenseMinutes(this.#span)
    minutes.measured.set(this.measured)
    for (let at = 0; at < length; at++) {
      if (verdicts.spoken[at] === 0) continue
      minutes.total[at] = 1
      minutes.good[at] = verdicts.bad[at] === 1 ? 0 : 1
    }
    return minutes
  }
}

const [SPOKEN, SILENT] = [1, 2]
const WHOLE: Scale = { bad: 1, all: 1 }
/** Places that are judged between two turns. */
const PLACES_AT_ONCE = 2_000

function judgeMinutes({ spoken, bad }: Verdicts, { good, total }: DenseMinutes, target: number): void {
  for (let at = 0; at < spoken.length; at++) {
    const events = total[at] as number
    if (events === 0) continue
    spoken[at] = 1
    if (!reaches(good[at] as number, events, target)) bad[at] = 1
  }
}

/** Windows of a minute have to be combined one by one. */
function* judgeComposite({ spoken, bad }: Verdicts, composite: DenseComposite, target: number): Generator<void> {
  for (let at = 0; at < spoken.length; at++) {
    if (at % PLACES_AT_ONCE === 0) yield
    if (composite.measured[at] === 0 || !composite.hasEvents(at)) continue
    const counts = composite.countsAt(at)
    if (!counts || counts.total === 0) continue
    spoken[at] = 1
    if (!reaches(counts.good, counts.total, target)) bad[at] = 1
  }
}

function reaches(good: number, total: number, target: number): boolean {
  return good / total >= target - ALIKE
}

function join(into: Uint8Array, others: Uint8Array): void {
  for (let i = 0; i < into.length; i++) if (others[i] === 1) into[i] = 1
}
