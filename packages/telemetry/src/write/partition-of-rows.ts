import { NinesError } from '@nines/kernel'
import { columnOf, type ColumnTable } from '@nines/wire'
import { STORED_TABLES } from './stored-tables.ts'

const DAY_MS = 86_400_000n
const UNITS_PER_DAY = { 'DateTime64(3)': DAY_MS, 'DateTime64(9)': DAY_MS * 1_000_000n } as const

/**
 * Number of the day or week (see STORED_TABLES) that each row lies in. With the retention it stands for the partition:
 * rows whose numbers differ may share a partition (before 1970), rows whose numbers are equal always do.
 */
export function partitionOfRows(table: ColumnTable): Int32Array {
  const column = columnOf(table, 'at')
  if (column?.type !== 'DateTime64(3)' && column?.type !== 'DateTime64(9)')
    throw new NinesError('invalid', `a block's table ${table.name} has no column of instants`)
  const stream = column.streams[0]!
  const perDay = UNITS_PER_DAY[column.type]
  const isByWeek = STORED_TABLES[table.name].partition === 'week'
  return Int32Array.from({ length: table.rows }, (_, row) => {
    const days = Number(stream.readBigInt64LE(8 * row) / perDay)
    // Day 0 was a Thursday; weeks begin on Mondays.
    return isByWeek ? Math.floor((days + 3) / 7) : days
  })
}
