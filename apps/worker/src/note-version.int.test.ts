import { newId } from '@nines/kernel'
import { createJobQueue } from '@nines/pipeline'
import { createPrisma, listChanges } from '@nines/records'
import { useServices } from '@nines/testkit'
import { expect, test, vi } from 'vitest'
import { start } from './index.ts'

const services = await useServices()

test('a version that the store tells of becomes a deploy, the first one does not', { timeout: 60_000 }, async () => {
  const prisma = createPrisma(services.databaseUrl)
  const queue = createJobQueue({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
  const app = await start({ ...services.env, NINES_LOG_LEVEL: 'silent' })
  const id = newId('wsp')
  const { number } = await prisma.workspace.create({ data: { id, slug: id.replace('_', '-'), name: 'Test' } })
  const at = Date.UTC(2026, 0, 5)
  const tell = (version: string, firstSeenAt: number, workspaceNumber = number) =>
    queue.enqueue('noteVersion', { workspaceNumber, service: 'shop', environment: 'prod', version, firstSeenAt })
  await tell('1.0', at)
  await tell('1.1', at + 60_000)
  await tell('1.1', at + 90_000)
  // Of a workspace that is gone: nothing to do, and nothing that fails.
  await tell('1.0', at, 999_999)
  await vi.waitFor(
    async () => {
      expect(await prisma.serviceVersion.count({ where: { workspaceId: id } })).toBe(2)
      expect((await queue.counts()).noteVersion).toEqual({ waiting: 0, delayed: 0, active: 0 })
    },
    { timeout: 20_000, interval: 50 },
  )
  const { items } = await listChanges(prisma, id, { limit: 10 })
  expect(items).toMatchObject([
    {
      kind: 'deploy',
      source: 'spans',
      serviceName: 'shop',
      environment: 'prod',
      version: '1.1',
      startedAt: new Date(at + 60_000).toISOString(),
    },
  ])
  await app.stop()
  await queue.close()
  await prisma.$disconnect()
})
