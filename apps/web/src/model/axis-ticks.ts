/** Round ticks (1, 2, 2.5 or 5 times a power of ten apart) that cover [low, high]; at most `count` + 2 of them. */
export function axisTicks(low: number, high: number, count = 5): number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999) ?? 10 * power
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  // Multiplying whole numbers keeps 0 exact; toPrecision drops the noise of 0.1 * 3.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

/** Upper end of an axis with these ticks: `share` of its height stays free above the highest value drawn. */
export function axisTop(ticks: readonly number[], highest: number, share = 0.08): number {
  const low = ticks[0] ?? 0
  return Math.max(ticks.at(-1) ?? highest, low + (highest - low) / (1 - share))
}

/** Of values on an axis of this height, those that keep the distance to the ones already chosen; larger ones first. */
export function spaced(values: readonly number[], axisSpan: number, minShare = 0.09): number[] {
  const chosen: number[] = []
  for (const value of [...new Set(values)].sort((a, b) => b - a)) {
    if (chosen.every((other) => other - value >= axisSpan * minShare)) chosen.push(value)
  }
  return chosen
}
