import { columnOf, tablesOf, type Block, type TableName } from '@nines/wire'

/** How many of the columns' units are one millisecond. */
const UNITS_PER_MS: Record<string, number> = { 'DateTime64(3)': 1, 'DateTime64(9)': 1_000_000 }

/**
 * Starts (epoch ms) of the buckets of `widthMs` that the times of a table's rows fall into. Buckets of samples are open at
 * their start, like the windows of queries: a row on the edge belongs to what went before. Minutes of spans are open at
 * their end.
 */
export function touchedBuckets(
  blocks: readonly Block[],
  name: TableName,
  widthMs: number,
  openAt: 'start' | 'end' = 'start',
): Set<number> {
  const found = new Set<number>()
  for (const block of blocks) {
    const table = tablesOf(block).get(name)
    const column = table && columnOf(table, 'at')
    if (column) {
      const shift = openAt === 'start' ? -1 : 0
      addBuckets(found, column.streams[0]!, { unit: UNITS_PER_MS[column.type] ?? 1, widthMs, shift })
    }
  }
  return found
}

/**
 * Times come nearly sorted or nearly equal, so most rows fall into the bucket of the row before: one comparison each.
 * Nanoseconds lose their last bits as numbers, which moves none across a bucket by more than a microsecond.
 */
function addBuckets(
  found: Set<number>,
  times: Buffer,
  { unit, widthMs, shift }: { unit: number; widthMs: number; shift: number },
): void {
  const width = unit * widthMs
  let from = 0
  let to = 0
  const view = new DataView(times.buffer, times.byteOffset, times.byteLength)
  for (let i = 0; i < times.length; i += 8) {
    const time = view.getInt32(i + 4, true) * 0x1_0000_0000 + view.getUint32(i, true) + shift
    if (time >= from && time < to) continue
    const bucket = Math.floor(time / width)
    from = bucket * width
    to = from + width
    found.add(bucket * widthMs)
  }
}
