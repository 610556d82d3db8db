import type { Points } from './points.ts'
import type { Window } from './window.ts'

/**
 * Prometheus' increase(): the steps inside the window, stretched to the window's edges where the samples come near them,
 * never below zero at its start. NaN with fewer than two samples.
 * https://github.com/prometheus/prometheus/blob/v3.0.0/promql/functions.go (extrapolatedRate)
 */
export function prometheusIncrease({ at, value }: Points, { start, end, firstIndex, endIndex }: Window): number {
  const steps = endIndex - firstIndex - 1
  if (steps < 1) return NaN
  const lastIndex = endIndex - 1
  let increase = value[lastIndex]! - value[firstIndex]!
  for (let i = firstIndex + 1; i < endIndex; i++) if (value[i]! < value[i - 1]!) increase += value[i - 1]!
  const sampled = at[lastIndex]! - at[firstIndex]!
  const average = sampled / steps
  const threshold = average * 1.1
  let toStart = at[firstIndex]! - start
  let toEnd = end - at[lastIndex]!
  if (toStart >= threshold) toStart = average / 2
  if (increase > 0 && value[firstIndex]! >= 0) toStart = Math.min(toStart, sampled * (value[firstIndex]! / increase))
  if (toEnd >= threshold) toEnd = average / 2
  return increase * ((sampled + toStart + toEnd) / sampled)
}
