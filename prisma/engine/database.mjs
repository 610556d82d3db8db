import { Client } from 'pg'

/**
 * Connection fields of a URL, one by one: with a connectionString, pg would ignore a `database` set beside it, and the
 * shadow database would be the real one.
 * @param {string} url
 */
export function connectionOf(url) {
  const parsed = new URL(url)
  const query = parsed.searchParams
  const config = {
    host: query.get('host') ?? (decodeURIComponent(parsed.hostname) || '127.0.0.1'),
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username) || 'postgres',
    database: decodeURIComponent(parsed.pathname.slice(1)) || 'postgres',
  }
  if (parsed.password) config.password = decodeURIComponent(parsed.password)
  const ssl = sslOf(query.get('sslmode'))
  if (ssl) config.ssl = ssl
  return { config, schema: query.get('schema') ?? 'public' }
}

function sslOf(mode) {
  if (mode === 'verify-full' || mode === 'verify-ca') return { rejectUnauthorized: true }
  return ['require', 'prefer', 'no-verify'].includes(mode) ? { rejectUnauthorized: false } : undefined
}

/** Runs `use` with a connection to the URL's database. */
export async function withClient(url, use) {
  const client = new Client(connectionOf(url).config)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Runs `use` with a connection to another database of the same server, and the name of the URL's own. */
export async function withAdminClient(url, use) {
  const { config } = connectionOf(url)
  const client = new Client({ ...config, database: config.database === 'postgres' ? 'template1' : 'postgres' })
  await client.connect()
  try {
    return await use(client, config.database)
  } finally {
    await client.end()
  }
}

export const quoteIdentifier = (name) => `"${name.replaceAll('"', '""')}"`

/** @param {string} url */
export function createDatabase(url) {
  return withAdminClient(url, async (client, name) => {
    await client.query(`CREATE DATABASE ${quoteIdentifier(name)}`)
    return { databaseName: name }
  })
}
