import type { ScheduleOverride, Shift, WeeklyRotation } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { turnsBetween } from './weekly-rotation.ts'

/** Longest span that shiftsBetween answers for. */
const MAX_SPAN_MS = 5 * 366 * 86_400_000

/** Who is on call at an instant (epoch ms), with the whole shift that it falls into. */
export function onCallAt(rotation: WeeklyRotation, overrides: readonly ScheduleOverride[], at: number): Shift {
  const shift = shiftsBetween(rotation, overrides, at, at + 1)[0]
  if (!shift) throw new NinesError('internal', 'a rotation left an instant without anybody on call')
  return shift
}

/**
 * Final shifts that overlap the half-open span [from, to), in order, without gap or overlap, each with its true
 * beginning and end. An override takes the time it covers; of two the one created last wins (ids sort by creation).
 */
export function shiftsBetween(
  rotation: WeeklyRotation,
  overrides: readonly ScheduleOverride[],
  from: number,
  to: number,
): Shift[] {
  if (!(from < to)) return []
  if (to - from > MAX_SPAN_MS) throw new NinesError('invalid', 'shifts are computed for at most five years at a time')
  const near = overrides.filter((o) => o.startsAt < to && o.endsAt > from && o.startsAt < o.endsAt)
  const turns = turnsBetween(
    rotation,
    Math.min(from, ...near.map((o) => o.startsAt)),
    Math.max(to, ...near.map((o) => o.endsAt)),
  )
  const begin = turns[0]?.startsAt ?? from
  const end = turns.at(-1)?.endsAt ?? to
  const relevant = overrides
    .filter((o) => o.startsAt < end && o.endsAt > begin && o.startsAt < o.endsAt)
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))

  const shifts: (Shift & { source: string })[] = []
  for (const turn of turns) {
    const cuts = relevant.flatMap((o) => [o.startsAt, o.endsAt]).filter((c) => c > turn.startsAt && c < turn.endsAt)
    const edges = [...new Set([turn.startsAt, ...cuts, turn.endsAt])].toSorted((a, b) => a - b)
    for (const [index, startsAt] of edges.slice(0, -1).entries()) {
      const endsAt = edges[index + 1] ?? turn.endsAt
      const override = relevant.find((o) => o.startsAt <= startsAt && startsAt < o.endsAt)
      const source = override?.id ?? `turn ${turn.startsAt}`
      const last = shifts.at(-1)
      if (last?.source === source && last.endsAt === startsAt) last.endsAt = endsAt
      else shifts.push({ userId: override?.userId ?? turn.userId, startsAt, endsAt, override: !!override, source })
    }
  }
  return shifts
    .filter((s) => s.startsAt < to && s.endsAt > from)
    .map(({ userId, startsAt, endsAt, override }) => ({ userId, startsAt, endsAt, override }))
}
