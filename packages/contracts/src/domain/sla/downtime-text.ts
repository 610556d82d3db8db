import { cutDecimal, decimalText, minus, parseDecimal, plus, times, ZERO, type Decimal } from '../decimal.ts'

const UNITS = [
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['min', 60_000n],
] as const

/**
 * Milliseconds in words, to the millisecond: `5 min 15.36 s`, `3 d 15 h 36 min`, `0.864 s`. Less than a millisecond keeps
 * its decimals: `0.0864 ms`. What lies beyond the last decimal is cut, so that an allowance is never exceeded.
 */
export function downtimeText(ms: Decimal): string {
  if (ms.digits < 0n) return `−${downtimeText(minus(ZERO, ms))}`
  if (ms.digits === 0n) return '0 s'
  const whole = cutDecimal(ms, 0).digits
  if (whole === 0n) return tinyText(ms)
  const parts: string[] = []
  let rest = whole
  for (const [unit, size] of UNITS) {
    const count = rest / size
    rest %= size
    if (count > 0n) parts.push(`${count} ${unit}`)
  }
  if (rest > 0n) parts.push(`${decimalText({ digits: rest, scale: 3 })} s`)
  return parts.join(' ')
}

function tinyText(ms: Decimal): string {
  const cut = cutDecimal(ms, 6)
  return cut.digits === 0n ? '< 0.000001 ms' : `${decimalText(cut)} ms`
}

const PART = /(\d+(?:\.\d+)?)\s*(ms|d|days?|h|hours?|mins?|minutes?|m|s|secs?|seconds?)(?![a-z])/gi
const SIZES: Record<string, bigint> = { ms: 1n, d: 86_400_000n, h: 3_600_000n, m: 60_000n, s: 1000n }

/** Milliseconds that a text such as `43 min 12 s`, `5m15.36s` or `1.5 h` writes; null when it writes none. */
export function parseDowntime(text: string): Decimal | null {
  const parts = [...text.matchAll(PART)]
  if (parts.length === 0 || text.replace(PART, '').trim() !== '') return null
  return parts.reduce<Decimal>((sum, [, amount = '', unit = '']) => {
    const size = SIZES[unit.toLowerCase() === 'ms' ? 'ms' : unit.charAt(0).toLowerCase()] ?? 0n
    return plus(sum, times(parseDecimal(amount) ?? ZERO, { digits: size, scale: 0 }))
  }, ZERO)
}
