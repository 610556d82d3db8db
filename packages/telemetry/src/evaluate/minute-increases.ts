import { MINUTE_MS } from './minute-sums.ts'
import { LOOKBACK_MS, type Points } from './points.ts'
import type { Buckets } from './sum-buckets.ts'

/** Increases of the minutes that hold samples, ascending: `slots` count minutes. */
export interface MinuteIncreases {
  slots: number[]
  values: number[]
}

/**
 * What the samples after `from` (epoch ms, a full minute) add to each minute (start, start + 1 min], so that the increase of
 * a window of whole minutes is the sum of its own. That does not hold for a step over a pause of more than five minutes,
 * which counts in some windows and not in others: its minute is Infinity, and whoever meets it has to look at samples.
 *
 * @param isBegun samples before those given may belong to a window too, so that the first one's step is not known
 */
export function minuteIncreases(
  { at, value, length }: Points,
  { from, isDelta, isBegun }: { from: number; isDelta: boolean; isBegun: boolean },
): MinuteIncreases {
  const found: MinuteIncreases = { slots: [], values: [] }
  let last = -1
  for (let i = 0; i < length; i++) {
    if (at[i]! <= from) continue
    const slot = Math.ceil((at[i]! - from) / MINUTE_MS) - 1
    if (found.slots[last] !== slot) {
      last = found.slots.push(slot) - 1
      found.values.push(0)
    }
    const sum = found.values[last]! + (isDelta ? value[i]! : stepAt(at, value, i, isBegun))
    found.values[last] = Number.isFinite(sum) ? sum : Infinity
  }
  return found
}

/** Whether minuteIncreases can tell all minutes from `from` to `to` (epoch ms). */
export function isTold(minutes: Buckets, from: number, to: number): boolean {
  const [begin, end] = [(from - minutes.from) / MINUTE_MS, (to - minutes.from) / MINUTE_MS]
  for (let i = begin; i < end; i++) if (minutes.values[i] === Infinity) return false
  return true
}

function stepAt(at: Float64Array, value: Float64Array, i: number, isBegun: boolean): number {
  if (i === 0) return isBegun ? Infinity : 0
  if (at[i]! - at[i - 1]! > LOOKBACK_MS) return Infinity
  return value[i]! < value[i - 1]! ? value[i]! : value[i]! - value[i - 1]!
}
