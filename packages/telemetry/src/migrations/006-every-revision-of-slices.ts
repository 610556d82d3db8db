import type { Migration, Step } from './migration.ts'
import { setTableAside } from './set-table-aside.ts'
import { createTable, type TableDefinition } from './table-definition.ts'

const OLD = 'slices_v1'
const MOVE_LIMITS = { maxSeconds: 3600, maxRowsToRead: 0 }

/**
 * One minute of one SLO version, once for every revision: what was known at an instant can be asked for ever after. A
 * revision is the instant (epoch ms) at which the counts became known, so that the newest one up to an instant is what was
 * known then. Minutes are revised where data came late, which is seldom; a repeated insert still adds nothing.
 */
const SLICES: TableDefinition = {
  name: 'slices',
  columns: `  workspace UInt32 CODEC(ZSTD),
  slo_id String CODEC(ZSTD),
  version UInt32 CODEC(ZSTD),
  minute DateTime64(3) CODEC(Delta, ZSTD),
  good Float64 CODEC(ZSTD),
  total Float64 CODEC(ZSTD),
  expected Float64 CODEC(ZSTD),
  revision UInt64 COMMENT 'epoch ms at which the counts became known' CODEC(Delta, ZSTD),
  known_at DateTime64(3) ALIAS fromUnixTimestamp64Milli(toInt64(revision))`,
  engine: 'ReplacingMergeTree',
  partitionBy: 'toYYYYMM(minute)',
  orderBy: '(workspace, slo_id, version, minute, revision)',
  ttl: 'toDateTime(minute) + INTERVAL 400 DAY',
  settings: { ttl_only_drop_parts: 1 },
  shardBy: 'cityHash64(slo_id)',
}

/** Moves what was stored before, a partition at a time; rows that are copied twice collapse. */
const moveSlices: Step = async (telemetry) => {
  const partitions = await telemetry.rows<{ partition_id: string }>(
    `SELECT DISTINCT partition_id FROM system.parts
     WHERE database = currentDatabase() AND table = {old:String} AND active AND rows > 0 ORDER BY partition_id DESC`,
    { old: OLD },
    MOVE_LIMITS,
  )
  for (const { partition_id: partition } of partitions) {
    await telemetry.command(
      `INSERT INTO slices (workspace, slo_id, version, minute, good, total, expected, revision)
       SELECT workspace, slo_id, version, minute, good, total, expected, revision FROM ${OLD}
       WHERE _partition_id = {partition:String} SETTINGS insert_deduplicate = 0, max_insert_threads = 1`,
      { partition },
    )
    await telemetry.command(`ALTER TABLE ${OLD} DROP PARTITION ID {partition:String}`, { partition })
  }
}

export const everyRevisionOfSlices: Migration = {
  version: 6,
  name: 'every revision of slices',
  steps: (topology) =>
    topology.cluster === undefined
      ? [setTableAside({ table: 'slices', lacks: 'known_at', suffix: '_v1' }), ...createTable(SLICES), moveSlices]
      : createTable(SLICES, topology),
}
