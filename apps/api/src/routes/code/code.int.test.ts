import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { SLO_SCHEMA_PATH } from '../../http/serve-slo-schema.ts'
import { joinAs, startApi, type Sender } from '../../test-fixtures/api-under-test.ts'
import { actionsOf, codeUnderTest, sloText } from '../../test-fixtures/code-under-test.ts'

const services = await useServices()
const api = await startApi(services)
const code = await codeUnderTest(api)
afterAll(() => api.stop())

describe('applying', () => {
  test('makes service, SLO and rules once; the second time nothing is left to do', async () => {
    const files = { 'slo/first.yaml': sloText('first') }
    expect(actionsOf(await code.plan(files))).toEqual(['create Service first-service', 'create SLO first'])
    const applied = await code.apply(files, { commit: 'abc123' })
    expect(applied.changes.every((change: { id: string | null }) => change.id !== null)).toBe(true)
    expect(await code.plan(files)).toMatchObject({ isEqual: true })
    expect((await code.apply(files)).isEqual).toBe(true)

    const detail = await code.get(`/api/v1/slos/${await code.idOf('first')}`)
    expect(detail).toMatchObject({
      version: 1,
      name: 'first works',
      target: 0.99,
      service: { slug: 'first-service' },
      sli: { kind: 'ratio', bad: { metric: 'http_total' } },
    })
    expect(detail.rules.map((rule: { name: string }) => rule.name)).toEqual(['page', 'ticket', 'silence'])
  })

  test('a changed target is a new version; a rule that code drops is switched off', async () => {
    const alerts = `  alertPolicies:
    - kind: AlertPolicy
      metadata: { name: fast }
      spec:
        alertWhenBreaching: true
        conditions:
          - kind: AlertCondition
            metadata: { name: burn }
            spec:
              severity: page
              condition: { kind: burnrate, op: gte, threshold: 10, lookbackWindow: 1h }
        notificationTargets: [{ targetRef: pager }]
`
    await code.apply({ 'a.yaml': sloText('changing') })
    const { changes } = await code.apply({ 'a.yaml': sloText('changing', [['0.99', '0.995']]) + alerts })
    expect(changes[0].fields.slice(0, 1)).toEqual([{ path: 'target', before: 0.99, after: 0.995 }])
    const detail = await code.get(`/api/v1/slos/${await code.idOf('changing')}`)
    expect([detail.version, detail.target]).toEqual([2, 0.995])
    const rules = detail.rules.map(({ name, enabled }: { name: string; enabled: boolean }) => [name, enabled])
    expect(Object.fromEntries(rules)).toEqual({ page: false, ticket: false, silence: false, fast: true })
    expect((await code.get(`/api/v1/slos/${detail.id}/source`)).source.drift).toEqual([])
    expect((await code.plan({ 'a.yaml': sloText('changing', [['0.99', '0.995']]) + alerts })).isEqual).toBe(true)
  })

  test('what is wrong is told with file, document and line, and nothing is applied', async () => {
    const files = {
      'good.yaml': sloText('never'),
      'bad.yaml': `${sloText('x')}---\n${sloText('y', [['0.99', '1.5']])}`,
    }
    expect(await code.refusal(files)).toEqual(['bad.yaml:33 (document 2) spec.objectives[0].target: must be below 1'])
    expect(await code.idOf('never')).toBeUndefined()
  })

  test('Sloth and Pyrra files too, and what Nines cannot compute is kept and said', async () => {
    const sloth = `version: prometheus/v1
service: cart
slos:
  - name: ok
    objective: 99.9
    sli: { events: { error_query: 'bad_total', total_query: 'all_total' } }
    alerting: { name: CartAlert }
  - name: raw
    objective: 99
    sli: { raw: { error_ratio_query: '1 - a' } }
    alerting: { name: CartAlert }
`
    const { changes, notes } = await code.apply({ 'cart.yaml': sloth }, { slothPeriod: '28d' })
    expect(changes.map((change: { slug: string }) => change.slug)).toEqual(['cart', 'cart-ok'])
    expect(notes).toMatchObject([{ effect: 'not_evaluated', line: 10, path: 'slos[1].sli.raw' }])
    const { rules } = await code.get(`/api/v1/slos/${await code.idOf('cart-ok')}`)
    const factors = rules.flatMap((rule: { condition: { pairs: { factor: number }[] } }) =>
      rule.condition.pairs.map((pair) => pair.factor),
    )
    expect(factors).toEqual([13.44, 5.6, 2.8, 0.933333333333])
    const listed = (await code.get('/api/v1/code')).items.find((one: { format: string }) => one.format === 'sloth')
    expect(listed).toMatchObject({ notes, slos: [{ name: 'ok', drifted: false }] })
    const { text } = await code.get('/api/v1/code/export?format=original', code.keys.read)
    expect(text).toContain(sloth)
  })

  test('a policy that changes alone reaches the SLOs of other files that refer to it', async () => {
    const policy = (threshold: number) => `apiVersion: openslo/v1
kind: AlertPolicy
metadata: { name: shared }
spec:
  alertWhenBreaching: true
  conditions:
    - kind: AlertCondition
      metadata: { name: burn }
      spec:
        severity: page
        condition: { kind: burnrate, op: gte, threshold: ${threshold}, lookbackWindow: 1h }
  notificationTargets: [{ targetRef: pager }]
`
    const referring = `${sloText('referring')}  alertPolicies: [{ alertPolicyRef: shared }]\n`
    await code.apply({ 'slo.yaml': referring, 'policy.yaml': policy(10) })
    const { changes } = await code.apply({ 'policy.yaml': policy(12) })
    expect(changes).toMatchObject([{ slug: 'referring', action: 'update', place: { file: 'slo.yaml' } }])
    const detail = await code.get(`/api/v1/slos/${await code.idOf('referring')}`)
    expect(detail.rules[0].condition.pairs[0].factor).toBe(12)
    expect((await code.plan({ 'slo.yaml': referring, 'policy.yaml': policy(12) })).isEqual).toBe(true)
  })

  test('pruning archives what a file says no more, and only what that file said', async () => {
    await code.apply({ 'p.yaml': `${sloText('stays')}---\n${sloText('goes')}`, 'q.yaml': sloText('elsewhere') })
    const without = { 'p.yaml': sloText('stays') }
    expect(actionsOf(await code.plan(without))).toContain('left SLO goes')
    await code.apply(without)
    expect(await code.idOf('goes')).toBeDefined()
    expect(actionsOf(await code.apply(without, { prune: true }))).toContain('remove SLO goes')
    expect([await code.idOf('goes'), await code.idOf('stays'), await code.idOf('elsewhere')]).toEqual([
      undefined,
      expect.any(String),
      expect.any(String),
    ])
    expect((await code.plan(without)).isEqual).toBe(true)
  })
})

describe('what comes from code', () => {
  test('shows its source, is not edited in the dashboard, and drifts when a key changes it', async () => {
    await code.apply({ 'dir/d.yaml': sloText('drifting') }, { commit: 'c0ffee' })
    const id = await code.idOf('drifting')
    const detail = await code.get(`/api/v1/slos/${id}`)
    const { slug, name, description, sli, window } = detail
    const input = { slug, name, description, sli, window, serviceId: detail.service.id, target: 0.9 }
    for (const [method, path, change] of [
      ['PUT', `/api/v1/slos/${id}`, input],
      ['DELETE', `/api/v1/slos/${id}`, undefined],
      ['PUT', `/api/v1/rules/${detail.rules[0].id}`, { ...detail.rules[0], enabled: false, id: undefined }],
      ['POST', `/api/v1/slos/${id}/rules`, { ...detail.rules[0], name: 'added', id: undefined }],
    ] as const) {
      const refused = await api.send(method, path, { as: code.admin, body: change })
      expect(refused, path).toMatchObject({ status: 409, json: { detail: expect.stringContaining('dir/d.yaml') } })
    }
    expect(await code.get(`/api/v1/slos/${id}/source`)).toMatchObject({
      source: { file: 'dir/d.yaml', commit: 'c0ffee', format: 'openslo', kind: 'SLO', name: 'drifting', drift: [] },
    })
    expect((await api.send('PUT', `/api/v1/slos/${id}`, { as: code.keys.write, body: input })).status).toBe(200)
    const { source } = await code.get(`/api/v1/slos/${id}/source`)
    expect(source.drift[0]).toEqual({ path: 'target', before: 0.99, after: 0.9 })
    const planned = await code.plan({ 'dir/d.yaml': sloText('drifting') })
    expect(planned).toMatchObject({ isEqual: false, changes: [{ action: 'update', drifted: true }] })
    await code.apply({ 'dir/d.yaml': sloText('drifting') })
    expect((await code.get(`/api/v1/slos/${id}/source`)).source.drift).toEqual([])

    const documents = (await code.get('/api/v1/code')).items
    const document = documents.find((one: { name: string }) => one.name === 'drifting')
    const released = await api.send('DELETE', `/api/v1/code/${document.id}`, { as: code.admin })
    expect(released.status).toBe(200)
    expect(await code.get(`/api/v1/slos/${id}/source`)).toEqual({ source: null })
    expect((await api.send('PUT', `/api/v1/slos/${id}`, { as: code.admin, body: input })).status).toBe(200)
  })

  test('services keep what code does not say of them', async () => {
    const service = `apiVersion: openslo/v1\nkind: Service\nmetadata: { name: pay, displayName: Payments }\nspec: {}\n`
    await code.apply({ 's.yaml': service })
    const before = (await code.get('/api/v1/services')).items.find((one: { slug: string }) => one.slug === 'pay')
    const input = { slug: 'pay', name: 'Payments', description: '', tier: 1 }
    const path = `/api/v1/services/${before.id}`
    expect((await api.send('PUT', path, { as: code.admin, body: input })).status).toBe(200)
    expect((await api.send('PUT', path, { as: code.admin, body: { ...input, name: 'Money' } })).status).toBe(409)
    await code.apply({ 's.yaml': service.replace('Payments', 'Pay') })
    expect(await code.get(path)).toMatchObject({ name: 'Pay', tier: 1 })
  })

  test('connection details are sealed at rest and told only to those who may write', async () => {
    const source = `apiVersion: openslo/v1
kind: DataSource
metadata: { name: watch }
spec: { type: CloudWatch, connectionDetails: { secretAccessKey: tops3cret } }
`
    await code.apply({ 'source.yaml': source })
    const row = await api.prisma.codeDocument.findFirstOrThrow({ where: { kind: 'DataSource' } })
    expect(row.text).not.toContain('tops3cret')
    const viewer = await joinAs(api, code.admin, 'viewer', 'viewer@example.com')
    const exported = async (as: Sender) => (await code.get('/api/v1/code/export?format=original', as)).text as string
    for (const as of [code.keys.read, viewer]) expect(await exported(as)).not.toContain('tops3cret')
    for (const as of [code.keys.write, code.admin]) expect(await exported(as)).toContain(source)
    expect((await code.plan({ 'source.yaml': source })).isEqual).toBe(true)
  })

  test('an export as OpenSLO applies again without a difference', async () => {
    await api.send('POST', '/api/v1/services', { as: code.admin, body: { slug: 'by-hand', name: 'By hand' } })
    const { text } = await code.get('/api/v1/code/export', code.keys.write)
    const planned = await code.plan({ 'export.yaml': text })
    const changed = planned.changes.filter((change: { action: string }) => change.action !== 'unchanged')
    expect(changed).toEqual([])
    expect(text).toContain('# first, explained')
  })
})

test('editors get the JSON Schema without credentials', async () => {
  const answer = await api.send('GET', SLO_SCHEMA_PATH, { as: {} })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.json.$defs.SLO.properties.kind.const).toBe('SLO')
})

test('an SLO follows the budget policy that its document names, which must be there; without a word it stays as it is', async () => {
  const named = (text: string) => ({ 'named.yaml': sloText('named', [['displayName: named works', text]]) })
  const annotated = (name: string) => named(`annotations: { nines/budget-policy: ${name} }`)
  const [refused] = await code.refusal(annotated('Release'))
  expect(refused).toMatch(/^named\.yaml:4 .*: there is no budget policy named "Release"$/)
  const steps = [{ budgetLeftBelow: 0, actions: [{ kind: 'freeze' }] }]
  await api.send('POST', '/api/v1/budget-policies', { as: code.admin, body: { name: 'Release', steps } })
  await code.apply(annotated('Release'))
  const id = await code.idOf('named')
  const followed = () => code.get(`/api/v1/slos/${id}/budget-policy`)
  expect(await followed()).toMatchObject({ policy: { name: 'Release' }, objective: 0, attachedBy: 'API key "write"' })
  expect(await code.plan(annotated('Release'))).toMatchObject({ isEqual: true })
  expect((await code.get('/api/v1/code/export?format=openslo')).text).toContain('nines/budget-policy: Release')

  await api.send('PUT', `/api/v1/slos/${id}/budget-policy`, { as: code.admin, body: { policyId: null } })
  const { changes } = await code.plan(annotated('Release'))
  expect(changes.find((change: { slug: string }) => change.slug === 'named')).toMatchObject({
    action: 'update',
    drifted: true,
    fields: [{ path: 'budgetPolicy', before: null, after: { name: 'Release', objective: 0 } }],
  })
  await code.apply(annotated('Release'))
  await code.apply(named('displayName: named works'))
  expect(await followed()).toMatchObject({ policy: { name: 'Release' } })
  await code.apply(annotated("''"))
  expect(await followed()).toMatchObject({ policy: null })
})
