import { NinesError } from '@nines/kernel'
import { columnOf, TABLE_COLUMNS, type ColumnTable, type ColumnType, type TableName } from '@nines/wire'
import type { Telemetry } from '../telemetry.ts'
import { identityType, type IdentityValue } from './row-identity.ts'
import { STORED_TABLES } from './stored-tables.ts'

/** One row that is looked for, to learn whether the part of its partition is there. */
export interface Probe {
  partition: number
  identity: IdentityValue[]
}

/** Rows looked for in each block and partition: the first, the last, some between. All of them must be there. */
const PROBES_PER_PARTITION = 6
const PROBES_PER_QUERY = 500

/** Some rows of every partition that a block has rows in. */
export function probesOf(workspace: number, table: ColumnTable, partitions: Int32Array): Probe[] {
  const owner = { literal: String(workspace), key: String(workspace) }
  return [...rowsByPartition(partitions)].flatMap(([partition, all]) => {
    const rows = spread(all)
    const columns = STORED_TABLES[table.name].identity.map((name) => {
      const column = columnOf(table, name)
      if (!column) throw new NinesError('invalid', `a block's table ${table.name} has no column ${name}`)
      return identityType(column.type).read(column, rows)
    })
    return rows.map((_, i) => ({ partition, identity: [owner, ...columns.map((values) => values[i]!)] }))
  })
}

/** Those of the probes whose rows are not in the table. */
export async function missingProbes(telemetry: Telemetry, name: TableName, probes: readonly Probe[]): Promise<Probe[]> {
  const missing: Probe[] = []
  for (let i = 0; i < probes.length; i += PROBES_PER_QUERY) {
    const some = probes.slice(i, i + PROBES_PER_QUERY)
    const present = await presentKeys(telemetry, name, some)
    missing.push(...some.filter((probe) => !present.has(keyOf(probe))))
  }
  return missing
}

async function presentKeys(telemetry: Telemetry, name: TableName, probes: readonly Probe[]): Promise<Set<string>> {
  const columns = STORED_TABLES[name].identity.map((column) => {
    const types: Readonly<Record<string, ColumnType>> = TABLE_COLUMNS[name]
    return { column: `t.${column}`, type: identityType(types[column]!) }
  })
  const expressions = ['t.workspace', ...columns.map(({ column, type }) => type.expression(column))]
  const keys = ['toString(t.workspace)', ...columns.map(({ column, type }) => type.keyExpression(column))]
  const tuples = probes.map(({ identity }) => `(${identity.map(({ literal }) => literal).join(',')})`)
  const rows = await telemetry.rows<{ key: string }>(
    `SELECT DISTINCT concat(${keys.join(", '/', ")}) AS key FROM ${name} AS t
     WHERE (${expressions.join(', ')}) IN (${tuples.join(',')})`,
  )
  return new Set(rows.map((row) => row.key))
}

function keyOf({ identity }: Probe): string {
  return identity.map(({ key }) => key).join('/')
}

function rowsByPartition(partitions: Int32Array): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (const [row, partition] of partitions.entries()) {
    const rows = found.get(partition)
    if (rows) rows.push(row)
    else found.set(partition, [row])
  }
  return found
}

/** A few of ascending rows, first and last among them. */
function spread(rows: readonly number[]): number[] {
  const count = Math.min(rows.length, PROBES_PER_PARTITION)
  if (count === 1) return [rows[0]!]
  return Array.from({ length: count }, (_, i) => rows[Math.floor((i * (rows.length - 1)) / (count - 1))]!)
}
