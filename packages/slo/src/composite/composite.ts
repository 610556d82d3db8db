import type { CompositeCombine, CorrectedSpan, NoDataRule } from '@nines/contracts'
import type { MinuteCounts } from '../minute-counts.ts'
import { MinuteSeries } from '../minute-series.ts'
import { MINUTE_MS, type EventCounts } from '../minute.ts'
import type { Silence } from '../silence.ts'
import type { MemberWindow } from './combine-windows.ts'
import { CompositeCounts, type CountedMember } from './composite-counts.ts'
import { earliestMinute, JudgedMinutes } from './judged-minutes.ts'
import { memberVerdicts } from './member-verdicts.ts'
import type { MinuteSource } from './minute-source.ts'
import { SilenceWalk } from './silence-walk.ts'

/** A member and its minutes as they count: corrected, and in slices of time where its SLI has them. */
export interface MemberOfComposite {
  minutes: MinuteSeries | Composite
  /** What each of its minutes has to reach for all_of. */
  target: number
  weight: number
  noData: NoDataRule
  /** When nothing measured is silence. */
  silence: Silence
  /** Its corrections and those of all composites above it. */
  covered: readonly CorrectedSpan[]
}

/**
 * A composite over minutes that grow and change. What is kept by minute besides (all_of's verdicts, and which minutes of a
 * member were silent) follows with `advance`; everything else is read from the members at once.
 */
export class Composite implements MinuteSource {
  readonly combine: CompositeCombine
  readonly members: readonly MemberOfComposite[]
  /** What evaluation reads. */
  readonly counts: MinuteCounts
  /** The members' minutes, one source each. */
  readonly sources: readonly MinuteSource[]
  readonly #presence: readonly (JudgedMinutes | null)[]
  readonly #verdicts: JudgedMinutes | null

  constructor(combine: CompositeCombine, members: readonly MemberOfComposite[]) {
    this.combine = combine
    this.members = members
    this.sources = members.map(({ minutes }) => (minutes instanceof Composite ? minutes : sourceOf(minutes)))
    this.#verdicts = combine === 'all_of' ? this.#judgeVerdicts() : null
    this.#presence = members.map((member, i) =>
      this.#verdicts || member.noData === 'ignore' ? null : this.#judgePresence(member, i),
    )
    this.counts = this.countsBy((series) => series)
  }

  /** Takes in what changed, and the minutes that ended by the instant. */
  advance(now: number): void {
    for (const { minutes } of this.members) if (minutes instanceof Composite) minutes.advance(now)
    for (const judged of this.#judged()) judged.advance(now)
  }

  /** Forgets what it keeps of whole days that end before the instant; the members' minutes are theirs. */
  forgetBefore(at: number): void {
    for (const { minutes } of this.members) if (minutes instanceof Composite) minutes.forgetBefore(at)
    for (const { series } of this.#judged()) series.forgetBefore(at)
  }

  /** The same composite over other views of the series it is made of. */
  countsBy(view: (series: MinuteSeries) => MinuteCounts): MinuteCounts {
    if (this.#verdicts) return view(this.#verdicts.series)
    if (this.combine === 'all_of') throw new Error('all_of has verdicts')
    const members = this.members.map((member, i): CountedMember => {
      const { minutes, weight, noData, silence } = member
      const presence = this.#presence[i]
      return {
        counts: minutes instanceof Composite ? minutes.countsBy(view) : view(minutes),
        presence: presence ? view(presence.series) : null,
        weight,
        noData,
        silence,
      }
    })
    return new CompositeCounts(this.combine, members)
  }

  get(minute: number): EventCounts | null {
    return this.counts.get(minute)
  }

  newestMinute(now: number, withEvents: boolean): number | null {
    return this.counts.newestMinute(now, withEvents)
  }

  earliestMinute(): number | null {
    return this.#verdicts ? this.#verdicts.series.firstMinute() : earliestMinute(this.sources)
  }

  follow(): void {
    for (const source of this.sources) source.follow()
    for (const { series } of this.#judged()) series.follow()
  }

  *hoursChangedSince(changes: number): Generator<number> {
    if (!this.#verdicts) for (const source of this.sources) yield* source.hoursChangedSince(changes)
    for (const { series } of this.#judged()) yield* series.hoursChangedSince(changes)
  }

  /** Minutes of all_of, one event each; null where windows are combined. */
  get verdicts(): MinuteSeries | null {
    return this.#verdicts?.series ?? null
  }

  /** Minutes of a member with a say (see CountedMember); null where its silence is ignored, and of all_of. */
  presenceOf(index: number): MinuteSeries | null {
    return this.#presence[index]?.series ?? null
  }

  /** What every member counted in the minutes that start in first..last; of all_of without its silence. */
  memberWindows(first: number, last: number): MemberWindow[] {
    return this.members.map(({ minutes, weight, noData }, i) => {
      const { good, total } = (minutes instanceof Composite ? minutes.counts : minutes).sum(first, last)
      const present = this.presenceOf(i)?.sum(first, last) ?? { good: 0, total: 0 }
      return { good, total, spoken: present.good, silent: present.total - present.good, weight, noData }
    })
  }

  *#judged(): Generator<JudgedMinutes> {
    for (const judged of this.#presence) if (judged) yield judged
    if (this.#verdicts) yield this.#verdicts
  }

  #judgePresence(member: MemberOfComposite, index: number): JudgedMinutes {
    const source = this.sources[index] as MinuteSource
    const { silence, covered } = member
    return new JudgedMinutes(this.sources, silence.longestMs, (from, to, into) => {
      const walk = new SilenceWalk(source, { silence, covered }, { since: earliestMinute(this.sources) ?? from, from })
      for (let minute = from; minute < to; minute += MINUTE_MS) {
        const counts = source.get(minute)
        const isSilent = walk.isSilent(minute, counts)
        const hasEvents = counts !== null && counts.total > 0
        write(into, minute, hasEvents || isSilent ? { good: hasEvents ? 1 : 0, total: 1 } : null)
      }
    })
  }

  #judgeVerdicts(): JudgedMinutes {
    const members = this.members.map((member, i) => ({ ...member, source: this.sources[i] as MinuteSource }))
    const reachMs = Math.max(...members.map(({ silence }) => silence.longestMs))
    return new JudgedMinutes(this.sources, reachMs, (from, to, into) => {
      const since = earliestMinute(this.sources) ?? from
      for (const { minute, verdicts, isMeasured } of memberVerdicts(members, { from, to, since })) {
        const isSpoken = verdicts.some((verdict) => verdict === 'good' || verdict === 'bad')
        const isGood = verdicts.every((verdict) => verdict !== 'bad' && verdict !== 'silent_bad')
        if (isSpoken) write(into, minute, { good: isGood ? 1 : 0, total: 1 })
        else write(into, minute, isMeasured ? { good: 0, total: 0 } : null)
      }
    })
  }
}

function sourceOf(series: MinuteSeries): MinuteSource {
  return {
    get: (minute) => series.get(minute),
    newestMinute: (now, withEvents) => series.newestMinute(now, withEvents),
    earliestMinute: () => series.firstMinute(),
    follow: () => series.follow(),
    hoursChangedSince: (changes) => series.hoursChangedSince(changes),
  }
}

/** What stays the same is not written: whoever follows the series would take it for a change. */
function write(into: MinuteSeries, minute: number, counts: EventCounts | null): void {
  const known = into.get(minute)
  if (counts === null) {
    if (known !== null) into.clear(minute)
  } else if (known?.good !== counts.good || known.total !== counts.total) into.set(minute, counts)
}
