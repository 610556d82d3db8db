import { hashToken, newToken } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { findApiKey, findIngestKey, revokeApiKey } from './api-keys.ts'
import { bootstrapInstallation } from './bootstrap-installation.ts'
import { createPrisma } from './client.ts'
import { completeSetup } from './setup.ts'
import { loadSloDefinitions } from './slo-definitions.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())

const options = {
  secretKey: Buffer.alloc(32, 7).toString('base64'),
  ingestKey: newToken('nk_'),
  internalKey: newToken('nk_'),
  demo: false,
}

describe('bootstrapInstallation', () => {
  test('several launchers at once make one workspace, one service, one set of SLOs and two keys', async () => {
    const results = await Promise.all(
      Array.from({ length: 4 }, () => bootstrapInstallation(services.databaseUrl, options)),
    )
    expect(new Set(results.map((r) => r.setupToken)).size).toBe(1)
    expect(results.every((r) => r.workspaceSlug === 'main')).toBe(true)
    expect(await prisma.workspace.count()).toBe(1)
    expect(await prisma.service.count()).toBe(1)
    expect(await prisma.apiKey.count()).toBe(2)
    const definitions = await loadSloDefinitions(prisma)
    expect(definitions.map((d) => d.name).toSorted()).toEqual([
      'API answers',
      'API answers within 500 ms',
      'Ingest accepts telemetry',
    ])
    expect(definitions.every((d) => d.rules.length === 3 && d.version === 1 && d.workspaceNumber === 1)).toBe(true)
  })

  test('stores hashes, never the keys or the token', async () => {
    const stored = JSON.stringify([await prisma.apiKey.findMany(), await prisma.setupToken.findMany()])
    const { setupToken } = await bootstrapInstallation(services.databaseUrl, options)
    expect(stored).not.toContain(options.ingestKey)
    expect(stored).not.toContain(options.internalKey)
    expect(stored).not.toContain(setupToken)
    expect(stored).toContain(hashToken(setupToken ?? ''))
  })

  test('both keys may ingest, until the visible one is revoked; a restart does not bring it back', async () => {
    const hash = hashToken(options.ingestKey)
    const key = await findIngestKey(prisma, hash)
    expect(key).toMatchObject({ workspaceNumber: 1 })
    expect(await findIngestKey(prisma, hashToken(options.internalKey))).toMatchObject({ workspaceNumber: 1 })
    await revokeApiKey(prisma, key?.workspaceId ?? '', key?.keyId ?? '')
    await bootstrapInstallation(services.databaseUrl, options)
    expect(await findIngestKey(prisma, hash)).toBeNull()
    expect(await findApiKey(prisma, hash)).toBeNull()
  })

  test('people who cannot sign in leave the setup open, and the first admin may be one of them', async () => {
    await prisma.user.create({ data: { id: 'usr_1', name: 'Ada', email: 'ada@example.com' } })
    const { setupToken } = await bootstrapInstallation(services.databaseUrl, options)
    const input = { name: 'Ada L', email: 'Ada@example.com', passwordHash: 'salt:hash', token: setupToken ?? '' }
    await completeSetup(prisma, input)
    const [user, ...others] = await prisma.user.findMany({ include: { accounts: true, memberships: true } })
    expect(others).toEqual([])
    expect(user).toMatchObject({
      id: 'usr_1',
      accounts: [{ providerId: 'credential', password: 'salt:hash' }],
      memberships: [{ role: 'admin' }],
    })
    await expect(completeSetup(prisma, input)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await bootstrapInstallation(services.databaseUrl, options)).toMatchObject({ setupToken: null })
  })
})
