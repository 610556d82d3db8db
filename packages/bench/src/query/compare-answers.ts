import type { QueryAnswer } from './query-case.ts'

export interface AnswerDifference {
  rows: number
  values: number
  /** Rows or instants that only one of the two has. */
  unmatched: number
  /** Largest difference as a share of the larger value. */
  largest: number
}

/** How far two answers are apart. */
export function compareAnswers(a: QueryAnswer, b: QueryAnswer): AnswerDifference {
  const difference: AnswerDifference = { rows: a.size, values: 0, unmatched: 0, largest: 0 }
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const [left, right] = [a.get(name), b.get(name)]
    if (left === undefined || right === undefined || left.length !== right.length) {
      difference.unmatched += Math.max(left?.length ?? 0, right?.length ?? 0)
      continue
    }
    for (const [i, x] of left.entries()) {
      const y = right[i] ?? NaN
      if (Number.isNaN(x) && Number.isNaN(y)) continue
      if (Number.isNaN(x) || Number.isNaN(y)) difference.unmatched++
      else difference.largest = Math.max(difference.largest, relative(x, y))
      difference.values++
    }
  }
  return difference
}

function relative(x: number, y: number): number {
  return x === y ? 0 : Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y))
}
