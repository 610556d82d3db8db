import { columnWords } from '@nines/telemetry'
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
      addBuckets(found, columnWords(table, 'at'), { unit: UNITS_PER_MS[column.type] ?? 1, widthMs, shift })
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
  times: Uint32Array,
  { unit, widthMs, shift }: { unit: number; widthMs: number; shift: number },
): void {
  const width = unit * widthMs
  let from = 0
  let to = 0
  for (let i = 0; i < times.length; i += 2) {
    const time = (times[i + 1]! | 0) * 0x1_0000_0000 + times[i]! + shift
    if (time >= from && time < to) continue
    const bucket = Math.floor(time / width)
    from = bucket * width
    to = from + width
    found.add(bucket * widthMs)
  }
}
