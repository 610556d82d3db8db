/** Where the tables live: on one server, or spread over a cluster that ClickHouse's configuration names. */
export interface Topology {
  /** Name of the cluster as in `remote_servers`; undefined for one server. */
  cluster?: string | undefined
}

/** Suffix of the table on each shard of a cluster that holds the rows; the table without it reaches all of them. */
export const LOCAL_SUFFIX = '_local'

/** The table that holds rows: itself on one server, the shard's own on a cluster. */
export function storageTable(name: string, { cluster }: Topology): string {
  return cluster === undefined ? name : `${name}${LOCAL_SUFFIX}`
}

/** ` ON CLUSTER …` where there is one; for DDL that every server must run. */
export function onCluster({ cluster }: Topology): string {
  return cluster === undefined ? '' : ` ON CLUSTER ${quotedName(cluster)}`
}

export function quotedName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}
