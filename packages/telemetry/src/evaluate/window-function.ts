import { prometheusIncrease } from './prometheus-increase.ts'
import type { Points } from './points.ts'
import type { Kernel } from './window.ts'

/**
 * What is made of the samples of one series in a window (t - w, t]. Times are in ms, results per second where they are
 * rates. NaN is no result. All but `last` leave out samples that are no number, of which a stale marker is one.
 *
 *   last                  the newest sample of the last five minutes; none when it is no number: the series ended there
 *   increase              steps between successive samples, the one from the last sample before the window included when
 *                         that is at most five minutes older than the window; a value below its predecessor counts whole,
 *                         because the counter began anew; the first sample ever counts nothing
 *   rate                  increase / w
 *   delta                 last value less the last before the window (less the first in it, when there is none)
 *   *_over_time           of the samples in the window
 *   prometheus_increase,  as Prometheus extrapolates them from the samples in the window
 *   prometheus_rate
 *
 * A delta series holds increments: its increase is their sum.
 */
export const WINDOW_FUNCTIONS = [
  'last',
  'rate',
  'increase',
  'delta',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'count_over_time',
  'prometheus_rate',
  'prometheus_increase',
] as const
export type WindowFunction = (typeof WINDOW_FUNCTIONS)[number]

/** @param isDelta the series holds increments instead of running totals */
export function kernelOf(name: WindowFunction, isDelta: boolean): Kernel {
  if (isDelta && (name === 'increase' || name === 'prometheus_increase')) return sum
  if (isDelta && (name === 'rate' || name === 'prometheus_rate')) return perSecond(sum)
  return KERNELS[name]
}

/** The same results sooner, for samples that are all at hand: without a reset the steps need not be looked at. */
export function kernelFor(name: WindowFunction, isDelta: boolean, points: Points): Kernel {
  if (isDelta || (name !== 'increase' && name !== 'rate') || hasReset(points)) return kernelOf(name, isDelta)
  return name === 'rate' ? deltaPerSecond : delta
}

function hasReset({ value, length }: Points): boolean {
  for (let i = 1; i < length; i++) if (!(value[i]! >= value[i - 1]!)) return true
  return false
}

const last: Kernel = ({ value }, { endIndex }) => value[endIndex - 1]!

/** Between resets the steps add up to a difference, which unlike their sum is exact. */
export const increase: Kernel = ({ value }, { firstIndex, endIndex, previous }) => {
  let before = previous >= 0 ? value[previous]! : value[firstIndex]!
  let begin = before
  let total = 0
  for (let i = firstIndex; i < endIndex; i++) {
    const now = value[i]!
    if (now < before) {
      total += before - begin
      begin = 0
    }
    before = now
  }
  return total + (before - begin)
}

const delta: Kernel = ({ value }, { firstIndex, endIndex, previous }) =>
  value[endIndex - 1]! - value[previous >= 0 ? previous : firstIndex]!

const sum: Kernel = ({ value }, { firstIndex, endIndex }) => {
  let total = 0
  for (let i = firstIndex; i < endIndex; i++) total += value[i]!
  return total
}

const min: Kernel = ({ value }, { firstIndex, endIndex }) => {
  let least = Infinity
  for (let i = firstIndex; i < endIndex; i++) least = Math.min(least, value[i]!)
  return least
}

const max: Kernel = ({ value }, { firstIndex, endIndex }) => {
  let most = -Infinity
  for (let i = firstIndex; i < endIndex; i++) most = Math.max(most, value[i]!)
  return most
}

function perSecond(kernel: Kernel): Kernel {
  return (points, window) => (kernel(points, window) * 1000) / (window.end - window.start)
}

const deltaPerSecond = perSecond(delta)

const KERNELS: Record<WindowFunction, Kernel> = {
  last,
  increase,
  rate: perSecond(increase),
  delta,
  sum_over_time: sum,
  min_over_time: min,
  max_over_time: max,
  avg_over_time: (points, window) => sum(points, window) / (window.endIndex - window.firstIndex),
  count_over_time: (_points, { firstIndex, endIndex }) => endIndex - firstIndex,
  prometheus_increase: prometheusIncrease,
  prometheus_rate: perSecond(prometheusIncrease),
}
