import type { NoDataRule } from '@nines/contracts'
import type { MinuteCounts } from '../minute-counts.ts'
import { MINUTE_MS, type EventCounts } from '../minute.ts'
import type { Silence } from '../silence.ts'
import { windowCounts } from '../window-burn.ts'
import { combineWindows, type MemberWindow, type WindowCombine } from './combine-windows.ts'

/** One member as a composite reads it. */
export interface CountedMember {
  counts: MinuteCounts
  /** Its minutes with a say: `total` 1, and `good` 1 where it had events. null where silence is ignored. */
  presence: MinuteCounts | null
  weight: number
  noData: NoDataRule
  /** When nothing measured is silence. */
  silence: Silence
}

/**
 * A composite as windows of its members, combined window by window: what a window comes to is no sum over its minutes. It
 * answers whatever evaluation asks of minutes.
 */
export class CompositeCounts implements MinuteCounts {
  readonly #combine: WindowCombine
  readonly #members: readonly CountedMember[]

  constructor(combine: WindowCombine, members: readonly CountedMember[]) {
    this.#combine = combine
    this.#members = members
  }

  /** The minute as a window by itself; null when no member measured it. */
  get(minute: number): EventCounts | null {
    const found = this.#members.map(({ counts }) => counts.get(minute))
    if (found.every((counts) => counts === null)) return null
    return combineWindows(
      this.#combine,
      this.#members.map((member, i) => windowOf(member, found[i] ?? NOTHING, member.presence?.get(minute) ?? NOTHING)),
    )
  }

  /** The stretch as one window: of several stretches the sums do not add up. */
  sum(first: number, last: number): EventCounts {
    return combineWindows(
      this.#combine,
      this.#members.map((member) =>
        windowOf(member, member.counts.sum(first, last), member.presence?.sum(first, last) ?? NOTHING),
      ),
    )
  }

  windowCounts(now: number, windowSeconds: number): EventCounts {
    return combineWindows(
      this.#combine,
      this.#members.map((member) => memberWindowAt(member, now, windowSeconds)),
    )
  }

  /**
   * Since when every member that was ever measured has been: a window is no older than the history of its youngest
   * member, or a few bad minutes of a new one would count for the whole of it.
   */
  firstMinute(): number | null {
    const firsts = this.#members.flatMap(({ counts }) => counts.firstMinute() ?? [])
    return firsts.length === 0 ? null : Math.max(...firsts)
  }

  newestMinute(now: number, withEvents: boolean): number | null {
    const newest = this.#members.flatMap(({ counts }) => counts.newestMinute(now, withEvents) ?? [])
    return newest.length === 0 ? null : Math.max(...newest)
  }

  /** Until a member counts as silent, its windows stand still with it: its bad minutes do not age out of them meanwhile. */
  heldAt(now: number): MinuteCounts {
    const members = this.#members.map((member): CountedMember => {
      const counts = member.counts.heldAt?.(now) ?? member.counts
      const newest = counts.newestMinute(now, false)
      const until = newest === null ? now : Math.min(now, newest + MINUTE_MS)
      return until === now || now >= member.silence.from(until)
        ? { ...member, counts }
        : held({ ...member, counts }, until)
    })
    return new CompositeCounts(this.#combine, members)
  }
}

const NOTHING: EventCounts = { good: 0, total: 0 }

function windowOf({ weight, noData }: CountedMember, counts: EventCounts, presence: EventCounts): MemberWindow {
  const { good, total } = counts
  return { good, total, spoken: presence.good, silent: presence.total - presence.good, weight, noData }
}

function memberWindowAt(member: CountedMember, now: number, windowSeconds: number): MemberWindow {
  const { counts, presence } = member
  const present = presence ? windowCounts(presence, now, windowSeconds) : NOTHING
  return windowOf(member, windowCounts(counts, now, windowSeconds), present)
}

/** The member with windows that end at the instant at the latest. */
function held(member: CountedMember, until: number): CountedMember {
  const upTo = (counts: MinuteCounts): MinuteCounts => ({
    get: (minute) => counts.get(minute),
    sum: (first, last) => counts.sum(first, last),
    firstMinute: () => counts.firstMinute(),
    newestMinute: (now, withEvents) => counts.newestMinute(now, withEvents),
    windowCounts: (now, windowSeconds) => windowCounts(counts, Math.min(now, until), windowSeconds),
  })
  return { ...member, counts: upTo(member.counts), presence: member.presence && upTo(member.presence) }
}
