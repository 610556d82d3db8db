import type { Shift } from '@nines/contracts'
import { offsetMs } from './format-time.ts'

const DAY_MS = 86_400_000

export interface StripDay {
  /** Midnight in the zone, epoch ms. */
  at: number
  /** Share of the strip's width, 0..1. */
  left: number
  width: number
  weekend: boolean
}

export interface StripBlock<T> {
  shift: T
  left: number
  width: number
}

/** Midnight of the day that holds `at`, in the zone. Days across a DST change have 23 or 25 hours. */
export function startOfDay(at: number, timeZone: string): number {
  const local = Math.floor((at + offsetMs(at, timeZone)) / DAY_MS) * DAY_MS
  const guess = local - offsetMs(local, timeZone)
  return local - offsetMs(guess, timeZone)
}

/** `count` days from the one that holds `from`, each as wide as it is long. */
export function stripDays(from: number, count: number, timeZone: string): StripDay[] {
  const starts: number[] = [startOfDay(from, timeZone)]
  // 26 h after a midnight always lies in the next day, whatever the clocks did.
  while (starts.length <= count) starts.push(startOfDay((starts.at(-1) ?? from) + 26 * 3_600_000, timeZone))
  const first = starts[0] ?? from
  const span = (starts.at(-1) ?? from) - first
  return starts.slice(0, count).map((at, index) => ({
    at,
    left: (at - first) / span,
    width: ((starts[index + 1] ?? at) - at) / span,
    weekend: [0, 6].includes(new Date(at + offsetMs(at, timeZone)).getUTCDay()),
  }))
}

/** Shifts cut to [from, to] as shares of that span; those outside it are left out. */
export function stripBlocks<T extends Pick<Shift, 'startsAt' | 'endsAt'>>(
  shifts: readonly T[],
  from: number,
  to: number,
): StripBlock<T>[] {
  return shifts
    .filter((shift) => shift.endsAt > from && shift.startsAt < to)
    .map((shift) => {
      const start = Math.max(shift.startsAt, from)
      return { shift, left: (start - from) / (to - from), width: (Math.min(shift.endsAt, to) - start) / (to - from) }
    })
}

/** "Ada Lovelace" -> "AL": at most two letters to stand in a narrow block. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters.map((word) => (word ?? '').slice(0, 1).toUpperCase()).join('')
}
