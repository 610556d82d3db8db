import type { Points } from '../evaluate/points.ts'

/**
 * Puts samples in order of time and leaves one of each instant: the greatest value, no number before any, which is what
 * the resident head keeps too. Samples come as a few ascending stretches, one a part of the table, and are merged.
 */
export function inOrder(points: Points): void {
  let starts = stretchStarts(points)
  if (starts.length > 1) {
    let from: Points = { ...points, at: points.at, value: points.value }
    let to: Points = {
      at: new Float64Array(points.length),
      value: new Float64Array(points.length),
      length: points.length,
    }
    while (starts.length > 1) {
      starts = mergePairs(from, to, starts)
      ;[from, to] = [to, from]
    }
    if (from.at !== points.at) {
      points.at.set(from.at.subarray(0, points.length))
      points.value.set(from.value.subarray(0, points.length))
    }
  }
  collapse(points)
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
