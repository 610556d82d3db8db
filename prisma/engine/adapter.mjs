import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import { Pool } from 'pg'
import { connectionOf, quoteIdentifier, withAdminClient } from './database.mjs'

/** Types of catalog columns that adapter-pg does not know ("char", int2vector, oidvector, pg_node_tree); fetched as text. */
const CATALOG_TYPES = new Set([18, 22, 30, 194])
const CHAR = 18
const TEXT = 25

/** Per result (by its rows), the columns of type "char": the engine insists on characters there. */
const charColumns = new WeakMap()

class CatalogPool extends Pool {
  async query(...args) {
    const result = await super.query(...args)
    const fields = result.fields ?? []
    if (result.rows)
      charColumns.set(
        result.rows,
        fields.flatMap((field, i) => (field.dataTypeID === CHAR ? [i] : [])),
      )
    for (const field of fields) if (CATALOG_TYPES.has(field.dataTypeID)) field.dataTypeID = TEXT
    return result
  }
}

/** The driver adapter through which the engine reaches the database, and a shadow database when it asks for one. */
export function createAdapter(url) {
  const { config, schema } = connectionOf(url)
  return bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => open(config, config.database, schema),
    connectToShadowDb: () => openShadow(url, config, schema),
  })
}

async function open(config, database, schema) {
  // One connection, so that session locks and SETs stay where they were made.
  const pool = new CatalogPool({ ...config, database, max: 1, idleTimeoutMillis: 0 })
  const adapter = await new PrismaPg(pool, { schema, disposeExternalPool: true }).connect()
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query)
    for (const i of charColumns.get(result.rows) ?? []) result.columnTypes[i] = ColumnTypeEnum.Character
    return result
  }
  // adapter-pg splits scripts at every semicolon, which breaks function bodies.
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script)
    } catch (error) {
      adapter.onError(error)
    }
  }
  return adapter
}

async function openShadow(url, config, schema) {
  const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`
  await withAdminClient(url, (client) => client.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`))
  const adapter = await open(config, name, schema)
  const dispose = adapter.dispose.bind(adapter)
  adapter.dispose = async () => {
    await dispose()
    await withAdminClient(url, (client) =>
      client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`),
    )
  }
  return adapter
}
