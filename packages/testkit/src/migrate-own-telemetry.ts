import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

type MigrateTelemetry = (options: { url: string; database: string }) => Promise<void>

/** Makes and migrates a ClickHouse database through the telemetry package, or leaves it empty while that has no migrations. */
export async function migrateOwnTelemetry(url: string, database: string): Promise<void> {
  const created = await fetch(url, { method: 'POST', body: `CREATE DATABASE IF NOT EXISTS ${database}` })
  if (!created.ok) throw new Error(`creating ClickHouse database ${database}: ${await created.text()}`)
  const telemetry = '@nines/telemetry'
  try {
    if (!existsSync(createRequire(import.meta.url).resolve(telemetry))) return
  } catch {
    return
  }
  const { migrateTelemetry } = (await import(telemetry)) as { migrateTelemetry?: MigrateTelemetry }
  await migrateTelemetry?.({ url, database })
}
