/** An instant of nanoseconds: epoch ms, and the nanoseconds within that millisecond. */
export interface NanoTime {
  ms: number
  nanos: number
}

/** RFC 3339 with up to nine digits after the second; a Date alone would lose six of them. */
export function nanoTime(text: string): NanoTime {
  const digits = (/\.(\d+)/.exec(text)?.[1] ?? '').padEnd(9, '0')
  return { ms: Date.parse(text), nanos: Number(digits.slice(3, 9)) }
}

/** Milliseconds from one instant to another, to the nanosecond. */
export function millisBetween(from: NanoTime, to: NanoTime): number {
  return to.ms - from.ms + (to.nanos - from.nanos) / 1e6
}

/** "037" of 14:03:22.037. */
export function millisText({ ms }: NanoTime): string {
  return String(((ms % 1000) + 1000) % 1000).padStart(3, '0')
}
