import { createHmac } from 'node:crypto'
import { hashToken, newId } from '@nines/kernel'
import { defaultAlertRules } from '@nines/slo'
import { apiKeyData } from './api-keys.ts'
import { createPrisma, type Database } from './client.ts'
import type { ApiKeyScope } from './generated/client.ts'
import { lockInstallation } from './installation-lock.ts'
import { selfMonitoringSlos } from './self-monitoring.ts'
import { isSetupNeeded } from './setup.ts'
import { insertSlo } from './slo-creation.ts'

export interface BootstrapOptions {
  /** 32 bytes in base64; the setup token follows from it, so that a restart shows the same link. */
  secretKey: string
  /** Key that people paste into their agents and SDKs. */
  ingestKey: string
  /** Key that Nines' own agent, probe and apps send with. */
  internalKey: string
  /** Names the workspace for a demonstration. */
  demo: boolean
}

export interface Bootstrapped {
  workspaceSlug: string
  /** One-time permission to create the first admin; null once there is a user. */
  setupToken: string | null
}

/**
 * Brings an empty, migrated database to the state in which Nines can be used, and changes nothing in one that is:
 * the workspace, Nines as a service of its own with SLOs, the two keys, and the setup token while nobody can sign in.
 * Safe to run from several launchers at once.
 */
export async function bootstrapInstallation(databaseUrl: string, options: BootstrapOptions): Promise<Bootstrapped> {
  const prisma = createPrisma(databaseUrl, { maxConnections: 1 })
  try {
    return await prisma.$transaction((tx) => bootstrap(tx, options), { timeout: 30_000 })
  } finally {
    await prisma.$disconnect()
  }
}

async function bootstrap(tx: Database, options: BootstrapOptions): Promise<Bootstrapped> {
  await lockInstallation(tx)
  const workspace = await defaultWorkspace(tx)
  await ensureKey(tx, workspace.id, 'Default ingest key', options.ingestKey, false)
  await ensureKey(tx, workspace.id, "Nines' own telemetry", options.internalKey, true)
  return { workspaceSlug: workspace.slug, setupToken: await issueSetupToken(tx, options.secretKey) }
}

/** The oldest workspace; a new installation gets `main` with the service `nines` in it. */
async function defaultWorkspace(tx: Database): Promise<{ id: string; slug: string }> {
  const existing = await tx.workspace.findFirst({ orderBy: { number: 'asc' } })
  if (existing !== null) return existing
  const workspace = await tx.workspace.create({ data: { id: newId('wsp'), slug: 'main', name: 'Main' } })
  const service = await tx.service.create({
    data: {
      id: newId('svc'),
      workspaceId: workspace.id,
      slug: 'nines',
      name: 'Nines',
      description: 'This installation, watched by itself.',
      tier: 2,
    },
  })
  for (const slo of selfMonitoringSlos) {
    const rules = defaultAlertRules(slo)
    await insertSlo(tx, workspace.id, { ...slo, serviceId: service.id, createdById: null, rules })
  }
  return workspace
}

/** Stores the hash of a key made outside. An ingest key that was revoked in the dashboard stays revoked. */
async function ensureKey(tx: Database, workspaceId: string, name: string, secret: string, internal: boolean) {
  const scopes: ApiKeyScope[] = internal ? ['ingest', 'read'] : ['ingest']
  const data = apiKeyData(secret)
  const existing = await tx.apiKey.findUnique({ where: { hash: data.hash } })
  if (existing === null) await tx.apiKey.create({ data: { ...data, workspaceId, name, scopes, internal } })
}

async function issueSetupToken(tx: Database, secretKey: string): Promise<string | null> {
  if (!(await isSetupNeeded(tx))) return null
  const mac = createHmac('sha256', Buffer.from(secretKey, 'base64')).update('setup-token').digest('base64url')
  const token = `nst_${mac}`
  const tokenHash = hashToken(token)
  await tx.setupToken.upsert({ where: { tokenHash }, create: { tokenHash }, update: { usedAt: null } })
  return token
}
