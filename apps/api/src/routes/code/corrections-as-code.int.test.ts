import type { ListedCorrection } from '@nines/contracts'
import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { startApi } from '../../test-fixtures/api-under-test.ts'
import { actionsOf, codeUnderTest, sloText } from '../../test-fixtures/code-under-test.ts'

const services = await useServices()
const api = await startApi(services)
const code = await codeUnderTest(api)
afterAll(() => api.stop())

const correction = (name: string, { scope = 'slo: shop', minutes = 30 } = {}) => `# Every night
apiVersion: nines/v1
kind: Correction
metadata: { name: ${name} }
spec:
  ${scope}
  effect: exclude
  startsAt: 2026-01-01T02:00:00+01:00
  endsAt: 2026-01-01T02:${minutes}:00+01:00
  rrule: FREQ=DAILY
  timeZone: Europe/Berlin
  reason: Backup ${name}
`
const held = async (name: string) => {
  const { items } = await code.get('/api/v1/corrections')
  return items.filter((one: { reason: string }) => one.reason === `Backup ${name}`)
}

test('a correction and its SLO are made once; said otherwise it is revoked and made anew', async () => {
  const files = { 'shop.yaml': `${correction('nightly')}---\n${sloText('shop')}` }
  expect(actionsOf(await code.apply(files))).toEqual([
    'create Service shop-service',
    'create SLO shop',
    'create Correction nightly',
  ])
  const sloId = await code.idOf('shop')
  const [first] = await held('nightly')
  expect(first).toMatchObject({
    sloId,
    serviceId: null,
    startsAt: '2026-01-01T01:00:00.000Z',
    rrule: 'FREQ=DAILY',
    createdBy: 'API key "write"',
    revokedAt: null,
    codeFile: 'shop.yaml',
  })
  expect(await code.plan(files)).toMatchObject({ isEqual: true })

  const longer = { 'shop.yaml': `${correction('nightly', { minutes: 45 })}---\n${sloText('shop')}` }
  const { changes } = await code.apply(longer)
  const [now, before] = await held('nightly')
  expect(changes).toContainEqual(expect.objectContaining({ kind: 'Correction', action: 'update', id: now.id }))
  expect(now).toMatchObject({ endsAt: '2026-01-01T01:45:00.000Z', revokedAt: null, codeFile: 'shop.yaml' })
  expect(before).toMatchObject({ id: first.id, revokeReason: 'shop.yaml says it otherwise', codeFile: null })
  expect(await code.plan(longer)).toMatchObject({ isEqual: true })
})

test('it is not revoked by hand; revoked by a key it is made again, and pruned it is revoked', async () => {
  const files = { 'all.yaml': correction('all', { scope: 'service: shop-service' }) }
  await code.apply(files)
  const [{ id, serviceId }] = await held('all')
  expect(serviceId).not.toBeNull()
  const revoke = (as: typeof code.admin) =>
    api.send('POST', `/api/v1/corrections/${id}/revoke`, { as, body: { reason: 'mistaken' } })
  expect(await revoke(code.admin)).toMatchObject({ status: 409, json: { detail: expect.stringContaining('all.yaml') } })
  const drift = async () => (await held('all')).map((one: ListedCorrection) => one.source?.drift ?? null)
  const listed = async () =>
    (await code.get('/api/v1/code')).items.find(({ name }: { name: string }) => name === 'all').corrections
  expect([await drift(), await listed()]).toEqual([[[]], [{ id, name: 'Backup all', drifted: false, gone: false }]])
  expect((await revoke(code.keys.write)).status).toBe(200)
  expect([await drift(), await listed()]).toEqual([
    [[{ path: 'revoked', before: false, after: true }]],
    [{ id, name: 'Backup all', drifted: true, gone: true }],
  ])
  expect(actionsOf(await code.plan(files))).toEqual(['create Correction all'])
  expect(await code.export('openslo')).not.toContain('Backup all')
  await code.apply(files)
  expect(await code.plan(files)).toMatchObject({ isEqual: true })
  // The revoked one stays on record and is no business of code any more.
  expect(await drift()).toEqual([[], null])

  expect(actionsOf(await code.apply({ 'all.yaml': '# nothing\n' }, { prune: true }))).toEqual(['remove Correction all'])
  expect((await held('all')).map((one: { revokeReason: string }) => one.revokeReason)).toEqual([
    'code says "all" no more',
    'mistaken',
  ])
})

test('an SLO that was renamed by a key is told as drift of its correction, field by field; an archived one too', async () => {
  const files = { 'moved.yaml': `${correction('moved', { scope: 'slo: moved' })}---\n${sloText('moved')}` }
  await code.apply(files, { commit: 'abc' })
  const { id, name, description, sli, target, window, service } = await code.get(
    `/api/v1/slos/${await code.idOf('moved')}`,
  )
  const body = { name, description, sli, target, window, serviceId: service.id, slug: 'renamed' }
  const sourceOf = async () => (await held('moved'))[0].source
  expect(await sourceOf()).toMatchObject({ file: 'moved.yaml', commit: 'abc', kind: 'Correction', drift: [] })
  expect((await api.send('PUT', `/api/v1/slos/${id}`, { as: code.keys.write, body })).status).toBe(200)
  expect((await sourceOf()).drift).toEqual([{ path: 'slo', before: 'moved', after: 'renamed' }])
  expect((await api.send('DELETE', `/api/v1/slos/${id}`, { as: code.keys.write })).status).toBe(200)
  expect((await sourceOf()).drift).toEqual([{ path: 'slo', before: 'moved', after: null }])
  const { items } = await code.get('/api/v1/code')
  expect(items.filter(({ file }: { file: string }) => file === 'moved.yaml')).toMatchObject([
    { kind: 'Correction', corrections: [{ name: 'Backup moved', drifted: true, gone: true }] },
    { kind: 'SLO', slos: [{ id, name: 'moved works', drifted: true, gone: true }] },
  ])
})

test('what it names must be there, and everything wrong is told with file, document and field', async () => {
  expect(await code.refusal({ 'x.yaml': correction('x', { scope: 'slo: nowhere' }) })).toEqual([
    'x.yaml:6 (document 1) spec.slo: there is no SLO with the short name "nowhere"',
  ])
  expect(await code.refusal({ 'x.yaml': correction('x', { scope: 'service: nobody' }) })).toEqual([
    'x.yaml:6 (document 1) spec.service: there is no service with the short name "nobody"',
  ])
  expect(await code.refusal({ 'x.yaml': correction('x').replace('FREQ=DAILY', 'FREQ=SECONDLY') })).toEqual([
    expect.stringMatching(/^x\.yaml:10 \(document 1\) spec\.rrule: the rule needs FREQ/),
  ])
})

test('an export holds those made by hand by their ids, and applies again without a difference', async () => {
  const body = {
    effect: 'good',
    startsAt: '2026-02-01T00:00:00Z',
    endsAt: '2026-02-01T01:00:00Z',
    reason: 'Backup by hand',
  }
  const { id } = (await api.send('POST', '/api/v1/corrections', { as: code.admin, body })).json
  const text = await code.export('openslo')
  expect(text).toContain('# Every night')
  expect(text).toContain(`name: ${id}`)
  const { changes } = await code.plan({ 'export.yaml': text })
  expect(changes.filter((change: { action: string }) => change.action !== 'unchanged')).toEqual([])
  expect(actionsOf({ changes })).toContain(`unchanged Correction ${id}`)
  expect((await held('by hand')).map((one: { codeFile: string | null }) => one.codeFile)).toEqual([null])
})
