import { onCluster, quotedName, storageTable, type Topology } from './topology.ts'

/** A table, described once for one server and for a cluster. */
export interface TableDefinition {
  name: string
  /** Columns and indexes, without the parentheses. */
  columns: string
  /** A MergeTree engine as on one server, such as `ReplacingMergeTree(revision)`. */
  engine: string
  partitionBy?: string
  orderBy: string
  ttl?: string
  settings?: Readonly<Record<string, string | number>>
  /**
   * Which shard of a cluster a row lives on. A pure function of the row, so that a repeated insert sends it to the same
   * shard, where its token is known.
   */
  shardBy: string
}

/**
 * Deduplication needs the token of every insert that could still be repeated: the store repeats at most its open record.
 * The window is generous because it is counted in parts, of which one insert makes as many as it has partitions.
 */
export const TOKEN_WINDOW = 10_000

/** The statements that make the table where it is missing: one on a server, storage and access on a cluster. */
export function createTable(table: TableDefinition, topology: Topology = {}): string[] {
  const create = `CREATE TABLE IF NOT EXISTS ${storageTable(table.name, topology)}${onCluster(topology)} (
${table.columns}
)
ENGINE = ${topology.cluster === undefined ? table.engine : replicated(table.engine)}
${clauses(table, topology).join('\n')}`
  return topology.cluster === undefined ? [create] : [create, createAccess(table, topology.cluster)]
}

function clauses({ partitionBy, orderBy, ttl, settings }: TableDefinition, { cluster }: Topology): string[] {
  const window = `${cluster === undefined ? 'non_replicated' : 'replicated'}_deduplication_window`
  const all = { ...settings, [window]: settings?.[window] ?? TOKEN_WINDOW }
  return [
    ...(partitionBy ? [`PARTITION BY ${partitionBy}`] : []),
    `ORDER BY ${orderBy}`,
    ...(ttl ? [`TTL ${ttl}`] : []),
    `SETTINGS ${Object.entries(all)
      .map(([name, value]) => `${name} = ${value}`)
      .join(', ')}`,
  ]
}

/** Path and replica come from the servers' macros {shard} and {replica}, ClickHouse's own defaults for both. */
function replicated(engine: string): string {
  return `Replicated${engine}`
}

/** The table that inserts and queries name: it spreads rows over the shards and reads them together. */
function createAccess({ name, shardBy }: TableDefinition, cluster: string): string {
  const local = storageTable(name, { cluster })
  return `CREATE TABLE IF NOT EXISTS ${name}${onCluster({ cluster })} AS ${local}
ENGINE = Distributed(${quotedName(cluster)}, currentDatabase(), ${local}, ${shardBy})`
}
