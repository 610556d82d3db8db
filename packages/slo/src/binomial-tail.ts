/** About 3 sqrt(max(a, b)) steps are needed next to the mean, fewer away from it: 3e6 at a total of 1e12. */
const MAX_STEPS = 10_000_000
const PRECISION = 1e-16
const HALF_LOG_TWO_PI = 0.9189385332046727

/**
 * Probability of at least `bad` bad events among `total` when each is bad with probability `ratio`, independently: the
 * upper tail of the binomial distribution, I_ratio(bad, total - bad + 1). Defined for fractions of events too, because
 * a window's oldest minute counts by its share. Relative error below 1e-9 for totals up to 1e12; what no double can
 * hold, below 1e-308, is 0.
 *
 * The regularised incomplete beta function by its continued fraction (NIST DLMF 8.17.22) on whichever side of the mean
 * it converges; the probability in front of it by Loader's saddle-point expansion ("Fast and accurate computation of
 * binomial probabilities", 2000), since differences of log-gammas lose all digits at such totals.
 */
export function binomialTail(bad: number, total: number, ratio: number): number {
  if (!(bad > 0)) return 1
  if (bad > total || !(ratio > 0)) return 0
  if (ratio >= 1) return 1
  const [a, b] = [bad, total - bad + 1]
  if (bad > total * ratio) return Math.min(1, Math.exp(logFront(a, b, ratio)) * betaFraction(a, b, ratio))
  return Math.max(0, 1 - Math.exp(logFront(b, a, 1 - ratio)) * betaFraction(b, a, 1 - ratio))
}

/** I_x(a, b) over what logFront gives, by the modified Lentz method; x at most about a/(a+b). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < MAX_STEPS; m++) {
    const even = ((m * (b - m)) / (a - 1 + 2 * m) / (a + 2 * m)) * x
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    value *= d * c
    const odd = (-((a + m) / (a + 2 * m)) * (a + b + m) * x) / (a + 1 + 2 * m)
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    value *= d * c
    if (Math.abs(d * c - 1) < PRECISION) break
  }
  return value
}

/** log of x^a (1-x)^b / (a B(a,b)), which is b/(a+b) times the probability of a among a+b. */
function logFront(a: number, b: number, x: number): number {
  const n = a + b
  const divergence = deviance(a, n * x) + deviance(b, n * (1 - x))
  const corrections = stirlingError(n) - stirlingError(a) - stirlingError(b)
  return corrections - divergence - HALF_LOG_TWO_PI + 0.5 * (Math.log(b) - Math.log(n) - Math.log(a))
}

/** x log(x/mean) + mean - x without cancellation where x is near the mean (Loader's bd0). */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x
  const v = (x - mean) / (x + mean)
  let sum = (x - mean) * v
  let power = 2 * x * v
  for (let j = 1; j < 1000; j++) {
    power *= v * v
    const next = sum + power / (2 * j + 1)
    if (next === sum) break
    sum = next
  }
  return sum
}

/** log Gamma(n+1) less Stirling's n log n - n + log(2 pi n)/2: its asymptotic series, after the recurrence for small n. */
function stirlingError(n: number): number {
  let shifted = n
  let error = 0
  while (shifted < 16) {
    // E(n) = E(n+1) + (n + 1/2) log(1 + 1/n) - 1, from log Gamma(n+2) = log Gamma(n+1) + log(n+1).
    error += (shifted + 0.5) * Math.log1p(1 / shifted) - 1
    shifted++
  }
  const square = shifted * shifted
  const series = 1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square
  return error + series / shifted
}
