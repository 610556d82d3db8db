import { DEFAULT_TELEMETRY_SETTINGS, type TelemetrySettings } from '@nines/contracts'
import { newId } from '@nines/kernel'
import { createApiKey, createPrisma, updateTelemetrySettings } from '@nines/records'
import type { NinesStack } from '../../stack/nines-stack.ts'

/** A workspace that sends, with a key of its own. */
export interface Tenant {
  slug: string
  key: string
}

/** Makes workspaces beside the stack's first one; the API has no way to, since a person gets one by setting up. */
export async function createTenants(
  stack: NinesStack,
  settingsBySlug: Record<string, Partial<TelemetrySettings>>,
): Promise<Tenant[]> {
  const prisma = createPrisma(stack.databaseUrl, { maxConnections: 1 })
  try {
    const tenants: Tenant[] = []
    for (const [slug, settings] of Object.entries(settingsBySlug)) {
      const { id } = await prisma.workspace.create({ data: { id: newId('wsp'), slug, name: slug } })
      await updateTelemetrySettings(prisma, id, { ...DEFAULT_TELEMETRY_SETTINGS, ...settings }, null)
      const { secret } = await createApiKey(prisma, id, { name: slug, scopes: ['ingest'], createdById: null })
      tenants.push({ slug, key: secret })
    }
    return tenants
  } finally {
    await prisma.$disconnect()
  }
}
