import {
  DEFAULT_TELEMETRY_SETTINGS,
  telemetrySettings,
  type TelemetrySettings,
  type TelemetrySettingsDto,
} from '@nines/contracts'
import type { Database } from './client.ts'
import type { TelemetrySettings as Row } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { loadUserRefs, userRefOf } from './user-refs.ts'

/** The workspace's limits and retention, defaults where nobody chose any. */
export async function getTelemetrySettings(db: Database, workspaceId: string): Promise<TelemetrySettingsDto> {
  return toDto(db, await db.telemetrySettings.findUnique({ where: { workspaceId } }))
}

/** Replaces all of them. `userId` is who did it, null for a program. */
export async function updateTelemetrySettings(
  db: Database,
  workspaceId: string,
  settings: TelemetrySettings,
  userId: string | null,
): Promise<TelemetrySettingsDto> {
  const data = { ...settings, updatedById: userId, updatedAt: new Date() }
  const row = await db.telemetrySettings.upsert({
    where: { workspaceId },
    create: { workspaceId, ...data },
    update: data,
  })
  return toDto(db, row)
}

/** The settings in a row, or the defaults for a workspace without one. */
export function telemetrySettingsOf(row: Row | null): TelemetrySettings {
  if (row === null) return DEFAULT_TELEMETRY_SETTINGS
  // PostgreSQL's bigint arrives as a BigInt; the schema keeps every member within what a number holds exactly.
  const numbers = Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value])
  return telemetrySettings.parse(Object.fromEntries(numbers))
}

async function toDto(db: Database, row: Row | null): Promise<TelemetrySettingsDto> {
  const users = await loadUserRefs(db, [row?.updatedById ?? null])
  return {
    settings: telemetrySettingsOf(row),
    defaults: DEFAULT_TELEMETRY_SETTINGS,
    updatedAt: row === null ? null : instantOf(row.updatedAt),
    updatedBy: row?.updatedById ? userRefOf(users, row.updatedById) : null,
  }
}
