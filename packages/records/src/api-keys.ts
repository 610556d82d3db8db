import type { ApiKeyDto, ApiKeyScope, TelemetrySettings } from '@nines/contracts'
import { hashToken, newId, newToken, NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { ApiKey } from './generated/client.ts'
import { telemetrySettingsOf } from './telemetry-settings.ts'

/** How a key is recognised in lists and logs: `nk_` and the first characters of its random part. */
const PREFIX_LENGTH = 9

/** Keys of a workspace, newest first, revoked ones included; those that the installation made for itself are not. */
export async function listApiKeys(db: Database, workspaceId: string): Promise<ApiKeyDto[]> {
  const rows = await db.apiKey.findMany({ where: { workspaceId, internal: false }, orderBy: { id: 'desc' } })
  return rows.map(toApiKeyDto)
}

/** Makes a key. The secret is returned here and stored nowhere: only its hash is. */
export async function createApiKey(
  db: Database,
  workspaceId: string,
  input: { name: string; scopes: ApiKeyScope[]; createdById: string | null },
): Promise<{ key: ApiKeyDto; secret: string }> {
  const secret = newToken('nk_')
  const row = await db.apiKey.create({
    data: { ...apiKeyData(secret), workspaceId, ...input, scopes: [...new Set(input.scopes)] },
  })
  return { key: toApiKeyDto(row), secret }
}

/** The columns that follow from a key's secret, and a new id. */
export function apiKeyData(secret: string): { id: string; prefix: string; hash: string } {
  return { id: newId('key'), prefix: secret.slice(0, PREFIX_LENGTH), hash: hashToken(secret) }
}

/** Revokes a key for good. Repeating it changes nothing; a key of another workspace does not exist. */
export async function revokeApiKey(db: Database, workspaceId: string, id: string): Promise<void> {
  const row = await db.apiKey.findFirst({ where: { id, workspaceId, internal: false } })
  if (row === null) throw new NinesError('not_found', 'there is no such API key')
  if (row.revokedAt !== null) return
  await db.apiKey.update({ where: { id }, data: { revokedAt: new Date() } })
}

export interface IngestKey {
  keyId: string
  workspaceId: string
  /** Compact tenant number that telemetry rows carry. */
  workspaceNumber: number
}

/** The unrevoked key with scope `ingest` whose SHA-256 (hex, kernel's hashToken) is given; null when there is none. */
export async function findIngestKey(db: Database, keyHash: string): Promise<IngestKey | null> {
  const key = await findApiKey(db, keyHash)
  if (key === null || !key.scopes.includes('ingest')) return null
  return { keyId: key.keyId, workspaceId: key.workspaceId, workspaceNumber: key.workspaceNumber }
}

export interface KnownApiKey extends IngestKey {
  name: string
  workspaceSlug: string
  scopes: ApiKeyScope[]
  /** What the workspace may send and how long that is kept. */
  telemetry: TelemetrySettings
}

/** The unrevoked key with the given hash, whatever its scopes; notes its use at most once a minute. */
export async function findApiKey(db: Database, keyHash: string): Promise<KnownApiKey | null> {
  const row = await db.apiKey.findFirst({
    where: { hash: keyHash, revokedAt: null },
    include: { workspace: { select: { number: true, slug: true, telemetrySettings: true } } },
  })
  if (row === null) return null
  if (row.lastUsedAt === null || row.lastUsedAt.getTime() < Date.now() - 60_000)
    await db.$executeRaw`update "ApiKey" set "lastUsedAt" = now() where id = ${row.id}`
  return {
    keyId: row.id,
    name: row.name,
    workspaceId: row.workspaceId,
    workspaceNumber: row.workspace.number,
    workspaceSlug: row.workspace.slug,
    scopes: row.scopes,
    telemetry: telemetrySettingsOf(row.workspace.telemetrySettings),
  }
}

function toApiKeyDto(row: ApiKey): ApiKeyDto {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }
}
