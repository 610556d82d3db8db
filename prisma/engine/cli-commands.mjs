import { createDatabase, quoteIdentifier, withAdminClient, withClient } from './database.mjs'

/** Prisma's error codes for what a connection can run into. */
const ERROR_CODES = { '3D000': 'P1003', '28P01': 'P1000', 28000: 'P1000', ECONNREFUSED: 'P1001' }

const COMMANDS = {
  'can-connect-to-database': (url) => withClient(url, async () => {}),
  'create-database': createDatabase,
  'drop-database': (url) =>
    withAdminClient(url, (client, name) =>
      client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`),
    ),
}

/** Runs one `schema-engine cli <command>`; an error goes to stderr as the JSON line that the CLI parses, and ends the process. */
export async function runCliCommand(name, url) {
  try {
    const command = COMMANDS[name]
    if (!command) throw Object.assign(new Error(`unknown command ${name}`), { code: '28000' })
    await command(url)
  } catch (error) {
    const message = error.message || String(error.errors?.[0]?.message ?? error)
    const fields = { message, error_code: ERROR_CODES[error.code] ?? 'P1001', is_panic: false }
    const line = { timestamp: new Date().toISOString(), level: 'ERROR', target: 'schema_engine::logger', fields }
    process.stderr.write(`\n${JSON.stringify(line)}\n`)
    process.exit(1)
  }
}
