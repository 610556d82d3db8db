import { httpCheckConfig } from '@nines/contracts'
import { newId } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { createCheck, updateCheck } from './checks.ts'
import { createPrisma } from './client.ts'
import { createCorrection } from './corrections.ts'
import { newSettings } from './paging.fixture.ts'
import { SloDefinitionBook } from './slo-definition-book.ts'
import { loadSloDefinitions } from './slo-definitions.ts'
import { archiveSlo, createSlo, updateSlo, type SloInput } from './slos.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())

const actor = { id: null, name: 'Ada', via: 'api' }
const HOME = httpCheckConfig.parse({ kind: 'http', url: 'https://shop.example.test/' })
const selector = { metric: 'requests', matchers: [] }
let workspaceId = ''
let serviceId = ''

const inputOf = (slug: string, over: Partial<SloInput> = {}): SloInput => ({
  slug,
  name: slug,
  description: '',
  serviceId,
  sli: { kind: 'ratio', good: selector, total: selector },
  target: 0.99,
  window: { kind: 'rolling', days: 30 },
  furtherObjectives: [],
  ...over,
})

beforeEach(async () => {
  workspaceId = newId('wsp')
  await prisma.workspace.create({ data: { id: workspaceId, slug: workspaceId.replace('_', '-'), name: 'Test' } })
  const service = await prisma.service.create({ data: { id: newId('svc'), workspaceId, slug: 'shop', name: 'Shop' } })
  serviceId = service.id
})

const create = (slug: string, over: Partial<SloInput> = {}) => createSlo(prisma, workspaceId, inputOf(slug, over), null)

test('while nothing changes it is the same array; a change replaces the one SLO that it concerns', async () => {
  const [a, b] = [await create('a'), await create('b')]
  const book = new SloDefinitionBook()
  const first = await book.read(prisma)
  expect(first).toEqual(await loadSloDefinitions(prisma))
  expect(await book.read(prisma)).toBe(first)
  const of = (definitions: typeof first, id: string) => definitions.find((one) => one.id === id)

  await updateSlo(prisma, workspaceId, a.id, inputOf('a', { target: 0.999 }), null)
  const second = await book.read(prisma)
  expect(second).not.toBe(first)
  expect(of(second, a.id)).toMatchObject({ version: 2, target: 0.999 })
  expect(of(second, b.id)).toBe(of(first, b.id))

  await prisma.alertRule.updateMany({ where: { sloId: b.id, name: 'ticket' }, data: { enabled: false } })
  const third = await book.read(prisma)
  expect(
    of(third, b.id)
      ?.rules.map(({ name }) => name)
      .sort(),
  ).toEqual(['page', 'silence'])
  expect(of(third, a.id)).toBe(of(second, a.id))

  await prisma.alertRule.deleteMany({ where: { sloId: b.id, name: 'silence' } })
  expect(of(await book.read(prisma), b.id)?.rules.map(({ name }) => name)).toEqual(['page'])
})

test('SLOs come and go', async () => {
  const book = new SloDefinitionBook()
  const before = (await book.read(prisma)).length
  const { id } = await create('a')
  expect((await book.read(prisma)).map((one) => one.id)).toContain(id)
  await archiveSlo(prisma, workspaceId, id, { actor, settings: newSettings() })
  expect(await book.read(prisma)).toHaveLength(before)
})

test('checks and corrections change the SLOs that they concern', async () => {
  const input = { name: 'home', serviceId: null, enabled: true, intervalSeconds: 30, timeoutMs: 1000, config: HOME }
  const check = await createCheck(prisma, workspaceId, input)
  const [a, b] = [await create('a', { sli: { kind: 'availability', checkId: check.id } }), await create('b')]
  const book = new SloDefinitionBook()
  const of = async (id: string) => (await book.read(prisma)).find((one) => one.id === id)
  const [firstA, firstB] = [await of(a.id), await of(b.id)]
  const intervalsOf = (slo: typeof firstA) => slo?.checkCadence.map(({ intervalSeconds }) => intervalSeconds)
  expect([intervalsOf(firstA), intervalsOf(firstB)]).toEqual([[30], []])
  await updateCheck(prisma, workspaceId, check.id, { ...input, name: 'front page' })
  expect(await of(a.id)).toBe(firstA)
  for (const change of [{ intervalSeconds: 60 }, { enabled: false }, { intervalSeconds: 300 }])
    await updateCheck(prisma, workspaceId, check.id, { ...input, ...change })
  expect(intervalsOf(await of(a.id))).toEqual([30, 60, null, 300])
  expect(await of(b.id)).toBe(firstB)

  const startsAt = new Date('2026-11-27T10:00:00Z')
  const correction = {
    sloId: b.id,
    serviceId: null,
    effect: 'exclude' as const,
    startsAt,
    endsAt: new Date(startsAt.getTime() + 3_600_000),
    rrule: null,
    timeZone: 'UTC',
    outside: false,
    reason: 'Maintenance',
  }
  const secondA = await of(a.id)
  await createCorrection(prisma, workspaceId, correction, actor)
  expect((await of(b.id))?.corrections).toHaveLength(1)
  expect(await of(a.id)).toBe(secondA)
})
