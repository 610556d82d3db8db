import type { Telemetry } from '@nines/telemetry'
import { processUsage } from '../usage/process-usage.ts'
import type { SampleLayout } from './sample-layouts.ts'

export interface LayoutFigures {
  /** CPU of inserting and merging, us a row, and of reading all values back. */
  insertUs: number
  mergeUs: number
  readUs: number
  bytesPerRow: number
  /** By column. */
  columns: Record<string, number>
}

/** Makes a table of the layout, fills it part by part from `source`, merges it into one part and reads it. */
export async function measureLayout(
  telemetry: Telemetry,
  pid: number,
  layout: SampleLayout,
  { parts, rows }: { parts: number; rows: number },
): Promise<LayoutFigures> {
  const cpu = async (run: () => Promise<void>) => {
    const before = processUsage(pid).cpuSeconds
    await run()
    return ((processUsage(pid).cpuSeconds - before) * 1e6) / rows
  }
  await telemetry.command(`CREATE TABLE measured (${layout.columns}) ENGINE = MergeTree ORDER BY ${layout.orderBy}`)
  try {
    await telemetry.command('SYSTEM STOP MERGES measured')
    const insertUs = await cpu(async () => {
      for (let part = 0; part < parts; part++)
        await telemetry.command(
          `INSERT INTO measured SELECT ${layout.select} FROM source WHERE part = {part:UInt32}`,
          { part },
          {
            max_threads: 1,
            max_insert_threads: '1',
            min_insert_block_size_rows: '100000000',
            min_insert_block_size_bytes: '0',
          },
        )
    })
    await telemetry.command('SYSTEM START MERGES measured')
    const mergeUs = await cpu(() => telemetry.command('OPTIMIZE TABLE measured FINAL'))
    const readUs = await cpu(() => telemetry.command('SELECT * FROM measured FORMAT Null', {}, { max_threads: 1 }))
    const sizes = await telemetry.rows<{ column: string; bytes: string }>(
      `SELECT column, sum(column_data_compressed_bytes + column_marks_bytes) AS bytes FROM system.parts_columns
       WHERE database = currentDatabase() AND table = 'measured' AND active GROUP BY column ORDER BY column`,
    )
    const columns = Object.fromEntries(sizes.map(({ column, bytes }) => [column, Number(bytes) / rows]))
    const [total] = await telemetry.rows<{ bytes: string }>(
      `SELECT sum(bytes_on_disk) AS bytes FROM system.parts
       WHERE database = currentDatabase() AND table = 'measured' AND active`,
    )
    return { insertUs, mergeUs, readUs, bytesPerRow: Number(total?.bytes) / rows, columns }
  } finally {
    await telemetry.command('DROP TABLE measured SYNC')
  }
}
