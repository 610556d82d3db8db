import type { Migration } from '../migration.ts'
import { setTableAside } from '../set-table-aside.ts'
import { createTable } from '../table-definition.ts'
import { onCluster, storageTable } from '../topology.ts'
import { moveBuckets, OLD_SUFFIX } from './old-rollups.ts'
import { ROLLUP_1H, ROLLUP_5M } from './rollup-tables.ts'

const TABLES = ['rollup_5m', 'rollup_1h'] as const

/** Rollups of series in half the bytes, labels of series in three quarters. A cluster never had the tables of version 2. */
export const compactRollups: Migration = {
  version: 4,
  name: 'compact rollups',
  steps: (topology) => {
    const labels = `ALTER TABLE ${storageTable('series', topology)}${onCluster(topology)} MODIFY COLUMN labels CODEC(ZSTD)`
    const create = [labels, ...[ROLLUP_5M, ROLLUP_1H].flatMap((table) => createTable(table, topology))]
    if (topology.cluster !== undefined) return create
    const setAside = TABLES.map((table) => setTableAside({ table, lacks: 'unit', suffix: OLD_SUFFIX }))
    return [...setAside, ...create, ...TABLES.map(moveBuckets)]
  },
}
