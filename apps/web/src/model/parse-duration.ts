const MILLIS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/**
 * What a person types for a time: "250 ms", "1.5s", "10 min", "1 h 30 min". Milliseconds; null when it is none. A bare
 * number counts in `unit`.
 */
export function parseDuration(text: string, unit: 'ms' | 's'): number | null {
  const trimmed = text.trim().toLowerCase()
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * (MILLIS[unit] ?? 1)
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-zµ]+)\s*/gy)]
  const length = parts.reduce((sum, [part]) => sum + part.length, 0)
  if (parts.length === 0 || length !== trimmed.length) return null
  let sum = 0
  for (const [, amount, name] of parts) {
    const size = MILLIS[name ?? '']
    if (size === undefined) return null
    sum += Number(amount) * size
  }
  return sum
}
