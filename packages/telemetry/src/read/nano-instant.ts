/** RFC 3339 in UTC with nanoseconds, of epoch nanoseconds in decimal as ClickHouse writes them. */
export function nanoInstantText(nanoseconds: string): string {
  const whole = BigInt(nanoseconds)
  const seconds = whole / 1_000_000_000n - (whole < 0n && whole % 1_000_000_000n !== 0n ? 1n : 0n)
  const fraction = (whole - seconds * 1_000_000_000n).toString().padStart(9, '0')
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`
}
