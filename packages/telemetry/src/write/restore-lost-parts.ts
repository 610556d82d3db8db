import { randomUUID } from 'node:crypto'
import { selectRows, TABLES, type Block, type TableName } from '@nines/wire'
import type { Telemetry } from '../telemetry.ts'
import { partsOf, retentionOf, rowsOfParts, type BlockPart } from './block-table-rows.ts'
import { insertSettings } from './insert-settings.ts'
import { partitionOfRows } from './partition-of-rows.ts'
import { missingProbes, probesOf } from './probes.ts'
import { STORED_TABLES } from './stored-tables.ts'

/**
 * Brings back parts that a crash of ClickHouse swallowed, and returns how many. A MergeTree table writes the token of a
 * part into its deduplication log and then commits the part; killed between the two, it takes every repeat for a
 * duplicate although the rows are not there (MergeTreeSink::finishDelayedChunk). So after a repeat one looks: parts
 * appear whole or not at all, hence a few rows of each block in each partition tell whether its part is there.
 *
 * A row that is there because another record holds the same one hides nothing: that row is stored.
 */
export async function restoreLostParts(
  telemetry: Telemetry,
  blocks: readonly Block[],
  recordId: string,
): Promise<number> {
  let restored = 0
  for (const name of TABLES) {
    const parts = partsOf(name, blocks)
    if (STORED_TABLES[name].repeatsCollapseBy === 'token' && parts.length > 0)
      restored += await restoreTable(telemetry, name, parts, recordId)
  }
  return restored
}

async function restoreTable(
  telemetry: Telemetry,
  name: TableName,
  parts: readonly BlockPart[],
  recordId: string,
): Promise<number> {
  const placed = parts.map((part) => ({
    ...part,
    partitions: partitionOfRows(part.table),
    retention: retentionOf(name, part.block),
  }))
  const lost = new Set<string>()
  for (const retention of new Set(placed.map((part) => part.retention))) {
    const alike = placed.filter((part) => part.retention === retention)
    const probes = alike.flatMap(({ block, table, partitions }) => probesOf(block.workspace, table, partitions))
    const missing = await missingProbes(telemetry, name, probes)
    for (const { partition } of missing) lost.add(`${partition}/${retention}`)
  }
  if (lost.size === 0) return 0
  const missing = placed.map(({ block, table, partitions, retention }) => ({
    block,
    table: selectRows(table, (row) => lost.has(`${partitions[row]}/${retention}`)),
  }))
  const { rows } = rowsOfParts(
    name,
    missing.filter(({ table }) => table.rows > 0),
  )
  // Never seen before: a restore that is itself swallowed must not be taken for a duplicate next time.
  await telemetry.insert(name, rows, insertSettings(`${recordId}:${name}:restore-${randomUUID()}`))
  return lost.size
}
