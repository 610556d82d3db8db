/** Writes a time as OTLP's fixed64 of nanoseconds. Splitting it once is much cheaper than a BigInt a row. */
export function writeNanos(view: DataView, at: number, ms: number, extraNanos = 0): void {
  // 2^32 ns are 4294.967296 ms; the product stays exact because both parts are whole numbers below 2^53.
  const seconds = Math.floor(ms / 1000)
  const nanos = (ms % 1000) * 1_000_000 + extraNanos
  const lowProduct = (seconds % 65_536) * 1_000_000_000 + nanos
  const highProduct = Math.floor(seconds / 65_536) * 1_000_000_000
  // seconds x 1e9 = highProduct x 2^16 + lowProduct
  const high = Math.floor(highProduct / 65_536)
  const low = (highProduct % 65_536) * 65_536 + lowProduct
  view.setUint32(at, low % 4_294_967_296, true)
  view.setUint32(at + 4, high + Math.floor(low / 4_294_967_296), true)
}
