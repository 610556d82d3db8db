import type { Migration, Step } from '../migration.ts'
import { setTableAside } from '../set-table-aside.ts'
import { createTable, type TableDefinition } from '../table-definition.ts'
import { onCluster, storageTable, type Topology } from '../topology.ts'
import { LOGS } from './log-table.ts'
import { movePoints, OLD_SUFFIX } from './old-points.ts'
import { EXEMPLARS, EXPONENTIAL_HISTOGRAMS, HISTOGRAMS, SAMPLES } from './point-tables.ts'
import { ROLLUP_1H, ROLLUP_5M, SERVICE_EDGES, SERVICE_ROLLUP_1M } from './rollup-tables.ts'
import { spanTables } from './span-tables.ts'

/** Columns of the tables of version 1 that are moved; the new tables have one more, `retention`. */
const OLD_COLUMNS = {
  samples: ['workspace', 'series', 'at', 'start', 'value'],
  histograms: ['workspace', 'series', 'at', 'start', 'count', 'sum', 'min', 'max', 'bounds', 'bucket_counts'],
}

/** Tables for every signal, retention by workspace and signal, rollups. */
export const everySignal: Migration = {
  version: 2,
  name: 'every signal',
  steps: (topology) => [
    ...keepSeriesAsLongAsTheirRows(topology),
    ...(topology.cluster === undefined ? [setOldTableAside('samples'), setOldTableAside('histograms')] : []),
    ...pointTables(topology).flatMap((table) => createTable(table, topology)),
    ...createTable(LOGS, topology),
    ...spanTables(topology),
    ...rollupTables(topology).flatMap((table) => createTable(table, topology)),
    ...(topology.cluster === undefined ? moveOldPoints() : []),
  ],
}

/** Version 5 has samples in another shape: a cluster never had these. */
function pointTables({ cluster }: Topology): TableDefinition[] {
  return [...(cluster === undefined ? [SAMPLES] : []), HISTOGRAMS, EXPONENTIAL_HISTOGRAMS, EXEMPLARS]
}

/** Version 4 replaced the rollups of series: a cluster never had these. */
function rollupTables({ cluster }: Topology): TableDefinition[] {
  return [...(cluster === undefined ? [ROLLUP_5M, ROLLUP_1H] : []), SERVICE_ROLLUP_1M, SERVICE_EDGES]
}

function setOldTableAside(table: string): Step {
  return setTableAside({ table, lacks: 'retention', suffix: OLD_SUFFIX })
}

function keepSeriesAsLongAsTheirRows(topology: Topology): string[] {
  const column = 'ADD COLUMN IF NOT EXISTS retention SimpleAggregateFunction(max, UInt16) DEFAULT 400'
  const table = storageTable('series', topology)
  const where = onCluster(topology)
  return [
    `ALTER TABLE ${table}${where} ${column}`,
    ...(topology.cluster === undefined ? [] : [`ALTER TABLE series${where} ${column}`]),
    // Parts of before keep their rows until their next merge.
    `ALTER TABLE ${table}${where} MODIFY TTL toDateTime(last_seen) + toIntervalDay(retention)
     SETTINGS materialize_ttl_after_modify = 0`,
  ]
}

function moveOldPoints(): Step[] {
  return Object.entries(OLD_COLUMNS).map(([table, columns]) => movePoints(table, columns))
}
