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
  const turns = turnsBetween(rotation, from, to)
  const near = overrides.filter((o) => o.startsAt < to && o.endsAt > from && o.startsAt < o.endsAt)
  // Turns are computed for the span only: an override may last for centuries, and its own ends say where it ends.
  const begin = Math.min(...turns.map((t) => t.startsAt), ...near.map((o) => o.startsAt))
  const end = Math.max(...turns.map((t) => t.endsAt), ...near.map((o) => o.endsAt))
  const relevant = overrides
    .filter((o) => o.startsAt < end && o.endsAt > begin && o.startsAt < o.endsAt)
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
  const cuts = [...turns, ...relevant].flatMap((o) => [o.startsAt, o.endsAt]).filter((at) => at > begin && at < end)
  const edges = [...new Set([begin, ...cuts, end])].toSorted((a, b) => a - b)

  const shifts: (Shift & { source: object })[] = []
  for (const [index, startsAt] of edges.slice(0, -1).entries()) {
    const endsAt = edges[index + 1] ?? end
    const covers = (span: { startsAt: number; endsAt: number }) => span.startsAt <= startsAt && startsAt < span.endsAt
    const override = relevant.find(covers)
    const source = override ?? turns.find(covers)
    if (!source) continue
    const last = shifts.at(-1)
    if (last?.source === source && last.endsAt === startsAt) last.endsAt = endsAt
    else shifts.push({ userId: source.userId, startsAt, endsAt, override: override !== undefined, source })
  }
  return shifts
    .filter((s) => s.startsAt < to && s.endsAt > from)
    .map(({ userId, startsAt, endsAt, override }) => ({ userId, startsAt, endsAt, override }))
}
