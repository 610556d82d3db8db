import { newId } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { changesByService, changesOfService, listChanges, recordChange, type ChangeInput } from './changes.ts'
import { createPrisma } from './client.ts'
import { getIncident } from './incident-views.ts'
import { openIncidentForAlert } from './incidents-open.ts'
import { makeWorld, newSettings } from './paging.fixture.ts'
import { noteServiceVersion } from './service-versions.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
afterAll(() => prisma.$disconnect())

const settings = newSettings()
const deploy = (over: Partial<ChangeInput> = {}): ChangeInput => ({
  externalId: 'run-1',
  service: 'Checkout',
  environment: 'production',
  kind: 'deploy',
  source: 'api',
  version: '1.2.3',
  url: 'https://ci.test/1',
  author: 'Ada',
  startedAt: new Date('2026-01-05T10:00:00Z'),
  endedAt: null,
  createdById: null,
  ...over,
})

async function newWorkspace() {
  const id = newId('wsp')
  const { number } = await prisma.workspace.create({ data: { id, slug: id.replace('_', '-'), name: 'Test' } })
  return { id, number }
}

describe('a change', () => {
  test('told twice is one change, which then says what was said last and keeps its start', async () => {
    const { id } = await newWorkspace()
    const first = await recordChange(prisma, id, deploy())
    const endedAt = new Date('2026-01-05T10:04:00Z')
    const [second] = await Promise.all([
      recordChange(prisma, id, deploy({ startedAt: undefined, endedAt })),
      recordChange(prisma, id, deploy({ startedAt: undefined, endedAt })),
    ])
    expect(second.change).toEqual({ ...first.change, endedAt: endedAt.toISOString() })
    expect(second.change).toMatchObject({ title: 'Deploy of Checkout 1.2.3', startedAt: '2026-01-05T10:00:00.000Z' })
    expect((await listChanges(prisma, id, { limit: 10 })).items).toEqual([second.change])
  })

  test('cannot end before it began', async () => {
    const { id } = await newWorkspace()
    const before = { endedAt: new Date('2026-01-05T09:59:59Z') }
    await expect(recordChange(prisma, id, deploy(before))).rejects.toMatchObject({ code: 'invalid' })
    await recordChange(prisma, id, deploy())
    const later = recordChange(prisma, id, deploy({ ...before, startedAt: undefined }))
    await expect(later).rejects.toMatchObject({ code: 'invalid' })
  })

  test('is found by service, environment, kind and time, page by page, and only in its workspace', async () => {
    const [{ id }, other] = await Promise.all([newWorkspace(), newWorkspace()])
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 10, minute))
    for (const [i, over] of [
      { startedAt: at(0), endedAt: at(20) },
      { startedAt: at(10), environment: 'staging' },
      { startedAt: at(20), kind: 'config' as const },
      { startedAt: at(30), service: 'cart' },
    ].entries())
      await recordChange(prisma, id, deploy({ externalId: `run-${i}`, ...over }))
    const found = async (filter: Partial<Parameters<typeof listChanges>[2]>, workspace = id) =>
      (await listChanges(prisma, workspace, { limit: 10, ...filter })).items.map((c) => c.externalId)
    expect(await found({})).toEqual(['run-3', 'run-2', 'run-1', 'run-0'])
    expect(await found({ service: 'cart' })).toEqual(['run-3'])
    expect(await found({ environment: 'staging' })).toEqual(['run-1'])
    expect(await found({ kind: 'config' })).toEqual(['run-2'])
    expect(await found({ source: 'spans' })).toEqual([])
    expect(await found({ from: at(10), to: at(20) })).toEqual(['run-1', 'run-0'])
    expect(await found({ from: at(20), to: at(30) })).toEqual(['run-2'])
    expect(await found({}, other.id)).toEqual([])
    const first = await listChanges(prisma, id, { limit: 3 })
    const cursor = first.nextCursor ?? ''
    expect(await found({ limit: 3, cursor })).toEqual(['run-0'])
    await expect(found({ cursor }, other.id)).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('incidents', () => {
  test('show the changes of their service shortly before and during them, whichever was recorded first', async () => {
    const world = await makeWorld(prisma, settings)
    const { workspaceId, serviceId } = world
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
    const record = (externalId: string, minutes: number, service = 'Checkout') =>
      recordChange(
        prisma,
        workspaceId,
        deploy({ externalId, title: externalId, service, startedAt: minutesAgo(minutes) }),
      )
    await record('long before', 200)
    await record('before', 30)
    await record('of another', 30, 'cart')
    const { alertId } = await world.verdict('true', Date.now() - 1000)
    const { incidentId } = await openIncidentForAlert(prisma, { workspaceId, alertId: alertId ?? '' })
    const told = await record('told late', 20)
    expect(told.changes).toEqual([{ type: 'incident.changed', id: incidentId }])
    await record('told late', 20)
    const { timeline } = await getIncident(prisma, workspaceId, incidentId ?? '')
    const changes = timeline.filter((entry) => entry.kind === 'change')
    expect(changes.map((entry) => entry.summary)).toEqual(['before in production', 'told late in production'])
    expect(changes[0]).toMatchObject({ actorName: 'Ada', data: { version: '1.2.3', url: 'https://ci.test/1' } })
    const span = { from: Date.now() - 3_600_000, to: Date.now() }
    const ofService = await changesOfService(prisma, workspaceId, serviceId, span)
    expect(ofService.map((change) => change.externalId)).toEqual(['before', 'told late'])
    expect(ofService[0]?.service).toMatchObject({ id: serviceId, name: 'Checkout' })
  })
})

test('as of an instant changes are what had been told of them by then, and what was not known yet hides nothing', async () => {
  const { workspaceId, serviceId } = await makeWorld(prisma, settings)
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 10, minute))
  const span = { from: at(0).getTime(), to: at(60).getTime() }
  /** So that each telling has an instant of its own. */
  const now = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    const [row] = await prisma.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`
    await new Promise((resolve) => setTimeout(resolve, 5))
    return row?.now.getTime() ?? 0
  }
  const known = async (asOf: number) =>
    ((await changesByService(prisma, workspaceId, { ...span, asOf })).get(serviceId) ?? []).map(
      ({ source, version, startedAt, endedAt }) => [source, version, startedAt.slice(14, 16), endedAt?.slice(14, 16)],
    )
  const tell = (over: Partial<ChangeInput>) => recordChange(prisma, workspaceId, deploy({ startedAt: at(10), ...over }))

  const instants = [await now()]
  await tell({ externalId: 'spans-1', source: 'spans' })
  instants.push(await now())
  await tell({ externalId: 'spans-1', source: 'spans' })
  expect(await prisma.changeRevision.count({ where: { workspaceId } })).toBe(0)
  await tell({ startedAt: at(5) })
  instants.push(await now())
  await tell({ startedAt: at(7), endedAt: at(9) })
  instants.push(await now())
  // Told again to be of another time, it was of this one all the same as long as that was said.
  await tell({ startedAt: new Date('2026-01-02T10:00:00Z') })
  instants.push(await now())
  await tell({ service: 'cart', startedAt: at(8) })
  instants.push(await now())
  const spans = ['spans', '1.2.3', '10', undefined]
  const said: unknown[] = []
  for (const instant of instants) said.push(await known(instant))
  expect(said).toEqual([
    [],
    [spans],
    [['api', '1.2.3', '05', undefined]],
    [['api', '1.2.3', '07', '09']],
    [spans],
    [spans],
  ])
  expect(await prisma.changeRevision.count({ where: { workspaceId } })).toBe(3)
  const other = await makeWorld(prisma, settings)
  const foreign = await changesByService(prisma, other.workspaceId, { ...span, asOf: instants[3] ?? 0 })
  expect([...foreign.values()].flat()).toEqual([])
})

test('a change of a service that only an SLO over its spans names belongs to the service of that SLO', async () => {
  const { workspaceId, serviceId, sloId } = await makeWorld(prisma, settings)
  const sli = {
    kind: 'time_slices',
    sliceMinutes: 5,
    sliceTarget: 0.9,
    of: { kind: 'spans', service: 'shop-checkout' },
  }
  await prisma.sloVersion.update({ where: { sloId_version: { sloId, version: 1 } }, data: { sli } })
  const { change } = await recordChange(prisma, workspaceId, deploy({ service: 'shop-checkout' }))
  expect(change.service).toMatchObject({ id: serviceId })
})

describe('versions in spans', () => {
  const at = (minute: number) => Date.UTC(2026, 0, 5, 10, minute)

  test('each but the first is a deploy, once, in whatever order they are told', async () => {
    for (const order of [
      [1, 2, 3],
      [3, 1, 2],
      [2, 3, 1],
    ]) {
      const { id, number } = await newWorkspace()
      const tell = (n: number) =>
        noteServiceVersion(prisma, {
          workspaceNumber: number,
          service: 'shop',
          environment: '',
          version: `v${n}`,
          firstSeenAt: at(n),
        })
      for (const n of [...order, ...order]) await tell(n)
      await Promise.all(order.map(tell))
      const { items } = await listChanges(prisma, id, { limit: 10 })
      const deploys = items.filter((change) => change.startedAt > new Date(at(1)).toISOString())
      expect(deploys.map((change) => [change.version, change.startedAt])).toEqual([
        ['v3', new Date(at(3)).toISOString()],
        ['v2', new Date(at(2)).toISOString()],
      ])
      expect(items).toHaveLength(2)
    }
  })

  test('services and environments have versions of their own', async () => {
    const { id, number } = await newWorkspace()
    const tell = (service: string, environment: string, version: string) =>
      noteServiceVersion(prisma, { workspaceNumber: number, service, environment, version, firstSeenAt: at(0) })
    await tell('shop', 'production', 'v1')
    await tell('shop', 'staging', 'v2')
    await tell('cart', 'production', 'v3')
    expect((await listChanges(prisma, id, { limit: 10 })).items).toEqual([])
    expect(
      await noteServiceVersion(prisma, {
        service: 'a',
        environment: '',
        version: '1',
        workspaceNumber: 0,
        firstSeenAt: 0,
      }),
    ).toBeNull()
  })

  test('that a reported deploy has stands there once', async () => {
    const { id, number } = await newWorkspace()
    const seen = { workspaceNumber: number, service: 'Checkout', environment: '' }
    await noteServiceVersion(prisma, { ...seen, version: '1.2.2', firstSeenAt: at(-60) })
    await noteServiceVersion(prisma, { ...seen, version: '1.2.3', firstSeenAt: at(2) })
    const versions = async () => (await listChanges(prisma, id, { limit: 10 })).items.map((c) => [c.source, c.version])
    expect(await versions()).toEqual([['spans', '1.2.3']])
    await recordChange(prisma, id, deploy())
    expect(await versions()).toEqual([['api', '1.2.3']])
  })
})
