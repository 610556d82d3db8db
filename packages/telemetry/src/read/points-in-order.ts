import type { Points } from '../evaluate/points.ts'

/**
 * Puts samples in order of time and leaves one of each instant: the greatest value, no number before any, which is what
 * the resident head keeps too. Samples come as a few ascending stretches, one a part of the table, and are merged.
 */
export function inOrder(points: Points): void {
  const starts = stretchStarts(points)
  if (starts.length > 1 && !areMoved(points, starts)) merge(points, starts)
  collapse(points)
}

/** Room for a copy of the samples in work, kept from one series to the next. */
let room: Points = { at: new Float64Array(0), value: new Float64Array(0), length: 0 }

function roomFor(length: number): Points {
  if (room.at.length < length)
    room = { at: new Float64Array(length * 2), value: new Float64Array(length * 2), length: 0 }
  return { ...room, length }
}

/** Parts mostly hold times of their own: then whole stretches are moved, and nothing has to be compared. */
function areMoved(points: Points, starts: readonly number[]): boolean {
  const { at, value, length } = points
  const stretches = starts.map((begin, i) => ({ begin, end: starts[i + 1] ?? length }))
  stretches.sort((a, b) => at[a.begin]! - at[b.begin]!)
  const areApart = stretches.every(
    ({ end }, i) => i + 1 === stretches.length || at[end - 1]! < at[stretches[i + 1]!.begin]!,
  )
  if (!areApart) return false
  const copy = roomFor(length)
  let out = 0
  for (const { begin, end } of stretches) {
    copy.at.set(at.subarray(begin, end), out)
    copy.value.set(value.subarray(begin, end), out)
    out += end - begin
  }
  at.set(copy.at.subarray(0, length))
  value.set(copy.value.subarray(0, length))
  return true
}

function merge(points: Points, starts: readonly number[]): void {
  let left = starts
  let from: Points = { ...points }
  let to = roomFor(points.length)
  while (left.length > 1) {
    left = mergePairs(from, to, left)
    ;[from, to] = [to, from]
  }
  if (from.at === points.at) return
  points.at.set(from.at.subarray(0, points.length))
  points.value.set(from.value.subarray(0, points.length))
}

function stretchStarts({ at, length }: Points): number[] {
  const starts = length > 0 ? [0] : []
  for (let i = 1; i < length; i++) if (at[i]! < at[i - 1]!) starts.push(i)
  return starts
}

/** Merges stretches two by two; answers where the merged ones begin. */
function mergePairs(from: Points, to: Points, starts: readonly number[]): number[] {
  const merged: number[] = []
  for (let i = 0; i < starts.length; i += 2) {
    const begin = starts[i]!
    const middle = starts[i + 1] ?? from.length
    const end = starts[i + 2] ?? from.length
    merged.push(begin)
    let [left, right] = [begin, middle]
    for (let out = begin; out < end; out++) {
      const takesLeft = left < middle && (right >= end || from.at[left]! <= from.at[right]!)
      const source = takesLeft ? left++ : right++
      to.at[out] = from.at[source]!
      to.value[out] = from.value[source]!
    }
  }
  return merged
}

function collapse(points: Points): void {
  const { at, value, length } = points
  let last = 0
  for (let i = 1; i < length; i++) {
    if (at[i] === at[last]) {
      if (Number.isNaN(value[i]!) || value[i]! > value[last]!) value[last] = value[i]!
    } else if (++last !== i) {
      at[last] = at[i]!
      value[last] = value[i]!
    }
  }
  points.length = length === 0 ? 0 : last + 1
}
