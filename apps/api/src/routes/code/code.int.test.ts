import { createApiKey } from '@nines/records'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SLO_SCHEMA_PATH } from '../../http/serve-slo-schema.ts'
import { joinAs, setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'

const services = await useServices()
let api: ApiUnderTest
let admin: Sender
const keys = {} as Record<'read' | 'write', Sender>

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  const { id } = await api.prisma.workspace.findUniqueOrThrow({ where: { slug: 'main' } })
  for (const scope of ['read', 'write'] as const) {
    const { secret } = await createApiKey(api.prisma, id, { name: scope, scopes: [scope], createdById: null })
    keys[scope] = { key: secret }
  }
})
afterAll(() => api.stop())

const slo = (name: string, change: [string, string][] = []) =>
  change.reduce(
    (text, [from, to]) => text.replace(from, to),
    `# ${name}, explained
apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name}, displayName: ${name} works }
spec:
  service: ${name}-service
  indicator:
    metadata: { name: ok }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(http_total{code=~"5.."}[5m]))' } } }
        total: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(http_total[5m]))' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`,
  )

type Files = Record<string, string>
const body = (files: Files, more: object = {}) => ({
  files: Object.entries(files).map(([path, content]) => ({ path, content })),
  ...more,
})
const plan = async (files: Files, more?: object) =>
  (await api.send('POST', '/api/v1/code/plan', { as: keys.read, body: body(files, more) })).json
async function apply(files: Files, more?: object) {
  const answer = await api.send('POST', '/api/v1/code/apply', { as: keys.write, body: body(files, more) })
  expect(answer.status, answer.text).toBe(200)
  return answer.json
}
const get = async (path: string, as: Sender = admin) => (await api.send('GET', path, { as })).json
const actions = (answer: { changes: { action: string; kind: string; slug: string }[] }) =>
  answer.changes.map((change) => `${change.action} ${change.kind} ${change.slug}`)
const idOf = async (slug: string): Promise<string> =>
  (await get('/api/v1/slos')).items.find((one: { slug: string }) => one.slug === slug)?.id

describe('applying', () => {
  test('makes service, SLO and rules once; the second time nothing is left to do', async () => {
    const files = { 'slo/first.yaml': slo('first') }
    expect(actions(await plan(files))).toEqual(['create Service first-service', 'create SLO first'])
    const applied = await apply(files, { commit: 'abc123' })
    expect(applied.changes.every((change: { id: string | null }) => change.id !== null)).toBe(true)
    expect(await plan(files)).toMatchObject({ isEqual: true })
    expect((await apply(files)).isEqual).toBe(true)

    const detail = await get(`/api/v1/slos/${await idOf('first')}`)
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
    await apply({ 'a.yaml': slo('changing') })
    const { changes } = await apply({ 'a.yaml': slo('changing', [['0.99', '0.995']]) + alerts })
    expect(changes[0].fields.slice(0, 1)).toEqual([{ path: 'target', before: 0.99, after: 0.995 }])
    const detail = await get(`/api/v1/slos/${await idOf('changing')}`)
    expect([detail.version, detail.target]).toEqual([2, 0.995])
    const rules = detail.rules.map(({ name, enabled }: { name: string; enabled: boolean }) => [name, enabled])
    expect(Object.fromEntries(rules)).toEqual({ page: false, ticket: false, silence: false, fast: true })
    expect((await get(`/api/v1/slos/${detail.id}/source`)).source.drift).toEqual([])
    expect((await plan({ 'a.yaml': slo('changing', [['0.99', '0.995']]) + alerts })).isEqual).toBe(true)
  })

  test('what is wrong is told with file, document and line, and nothing is applied', async () => {
    const files = { 'good.yaml': slo('never'), 'bad.yaml': `${slo('x')}---\n${slo('y', [['0.99', '1.5']])}` }
    const answer = await api.send('POST', '/api/v1/code/apply', { as: keys.write, body: body(files) })
    expect(answer).toMatchObject({ status: 422, json: { code: 'invalid' } })
    expect(answer.json.issues).toEqual([
      { path: 'bad.yaml:33 (document 2) spec.objectives[0].target', message: 'must be below 1' },
    ])
    expect(await idOf('never')).toBeUndefined()
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
    const { changes, notes } = await apply({ 'cart.yaml': sloth }, { slothPeriod: '28d' })
    expect(changes.map((change: { slug: string }) => change.slug)).toEqual(['cart', 'cart-ok'])
    expect(notes).toMatchObject([{ effect: 'not_evaluated', line: 10, path: 'slos[1].sli.raw' }])
    const { rules } = await get(`/api/v1/slos/${await idOf('cart-ok')}`)
    const factors = rules.flatMap((rule: { condition: { pairs: { factor: number }[] } }) =>
      rule.condition.pairs.map((pair) => pair.factor),
    )
    expect(factors).toEqual([13.44, 5.6, 2.8, 0.933333333333])
    const listed = (await get('/api/v1/code')).items.find((one: { format: string }) => one.format === 'sloth')
    expect(listed).toMatchObject({ notes, slos: [{ name: 'ok', drifted: false }] })
    const { text } = await get('/api/v1/code/export?format=original', keys.read)
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
    const referring = `${slo('referring')}  alertPolicies: [{ alertPolicyRef: shared }]\n`
    await apply({ 'slo.yaml': referring, 'policy.yaml': policy(10) })
    const { changes } = await apply({ 'policy.yaml': policy(12) })
    expect(changes).toMatchObject([{ slug: 'referring', action: 'update', place: { file: 'slo.yaml' } }])
    const detail = await get(`/api/v1/slos/${await idOf('referring')}`)
    expect(detail.rules[0].condition.pairs[0].factor).toBe(12)
    expect((await plan({ 'slo.yaml': referring, 'policy.yaml': policy(12) })).isEqual).toBe(true)
  })

  test('pruning archives what a file says no more, and only what that file said', async () => {
    await apply({ 'p.yaml': `${slo('stays')}---\n${slo('goes')}`, 'q.yaml': slo('elsewhere') })
    const without = { 'p.yaml': slo('stays') }
    expect(actions(await plan(without))).toContain('left SLO goes')
    await apply(without)
    expect(await idOf('goes')).toBeDefined()
    expect(actions(await apply(without, { prune: true }))).toContain('remove SLO goes')
    expect([await idOf('goes'), await idOf('stays'), await idOf('elsewhere')]).toEqual([
      undefined,
      expect.any(String),
      expect.any(String),
    ])
    expect((await plan(without)).isEqual).toBe(true)
  })
})

describe('what comes from code', () => {
  test('shows its source, is not edited in the dashboard, and drifts when a key changes it', async () => {
    await apply({ 'dir/d.yaml': slo('drifting') }, { commit: 'c0ffee' })
    const id = await idOf('drifting')
    const detail = await get(`/api/v1/slos/${id}`)
    const { slug, name, description, sli, window } = detail
    const input = { slug, name, description, sli, window, serviceId: detail.service.id, target: 0.9 }
    for (const [method, path, change] of [
      ['PUT', `/api/v1/slos/${id}`, input],
      ['DELETE', `/api/v1/slos/${id}`, undefined],
      ['PUT', `/api/v1/rules/${detail.rules[0].id}`, { ...detail.rules[0], enabled: false, id: undefined }],
      ['POST', `/api/v1/slos/${id}/rules`, { ...detail.rules[0], name: 'added', id: undefined }],
    ] as const) {
      const refused = await api.send(method, path, { as: admin, body: change })
      expect(refused, path).toMatchObject({ status: 409, json: { detail: expect.stringContaining('dir/d.yaml') } })
    }
    expect(await get(`/api/v1/slos/${id}/source`)).toMatchObject({
      source: { file: 'dir/d.yaml', commit: 'c0ffee', format: 'openslo', kind: 'SLO', name: 'drifting', drift: [] },
    })
    expect((await api.send('PUT', `/api/v1/slos/${id}`, { as: keys.write, body: input })).status).toBe(200)
    const { source } = await get(`/api/v1/slos/${id}/source`)
    expect(source.drift[0]).toEqual({ path: 'target', before: 0.99, after: 0.9 })
    const planned = await plan({ 'dir/d.yaml': slo('drifting') })
    expect(planned).toMatchObject({ isEqual: false, changes: [{ action: 'update', drifted: true }] })
    await apply({ 'dir/d.yaml': slo('drifting') })
    expect((await get(`/api/v1/slos/${id}/source`)).source.drift).toEqual([])

    const documents = (await get('/api/v1/code')).items
    const document = documents.find((one: { name: string }) => one.name === 'drifting')
    const released = await api.send('DELETE', `/api/v1/code/${document.id}`, { as: admin })
    expect(released.status).toBe(200)
    expect(await get(`/api/v1/slos/${id}/source`)).toEqual({ source: null })
    expect((await api.send('PUT', `/api/v1/slos/${id}`, { as: admin, body: input })).status).toBe(200)
  })

  test('services keep what code does not say of them', async () => {
    const service = `apiVersion: openslo/v1\nkind: Service\nmetadata: { name: pay, displayName: Payments }\nspec: {}\n`
    await apply({ 's.yaml': service })
    const before = (await get('/api/v1/services')).items.find((one: { slug: string }) => one.slug === 'pay')
    const input = { slug: 'pay', name: 'Payments', description: '', tier: 1 }
    const path = `/api/v1/services/${before.id}`
    expect((await api.send('PUT', path, { as: admin, body: input })).status).toBe(200)
    expect((await api.send('PUT', path, { as: admin, body: { ...input, name: 'Money' } })).status).toBe(409)
    await apply({ 's.yaml': service.replace('Payments', 'Pay') })
    expect(await get(path)).toMatchObject({ name: 'Pay', tier: 1 })
  })

  test('connection details are sealed at rest and told only to those who may write', async () => {
    const source = `apiVersion: openslo/v1
kind: DataSource
metadata: { name: watch }
spec: { type: CloudWatch, connectionDetails: { secretAccessKey: tops3cret } }
`
    await apply({ 'source.yaml': source })
    const row = await api.prisma.codeDocument.findFirstOrThrow({ where: { kind: 'DataSource' } })
    expect(row.text).not.toContain('tops3cret')
    const viewer = await joinAs(api, admin, 'viewer', 'viewer@example.com')
    const exported = async (as: Sender) => (await get('/api/v1/code/export?format=original', as)).text as string
    for (const as of [keys.read, viewer]) expect(await exported(as)).not.toContain('tops3cret')
    for (const as of [keys.write, admin]) expect(await exported(as)).toContain(source)
    expect((await plan({ 'source.yaml': source })).isEqual).toBe(true)
  })

  test('an export as OpenSLO applies again without a difference', async () => {
    await api.send('POST', '/api/v1/services', { as: admin, body: { slug: 'by-hand', name: 'By hand' } })
    const { text } = await get('/api/v1/code/export', keys.write)
    const planned = await plan({ 'export.yaml': text })
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
  const named = (text: string) => ({ 'named.yaml': slo('named', [['displayName: named works', text]]) })
  const annotated = (name: string) => named(`annotations: { nines/budget-policy: ${name} }`)
  const refused = await api.send('POST', '/api/v1/code/plan', { as: keys.read, body: body(annotated('Release')) })
  expect(refused).toMatchObject({
    status: 422,
    json: {
      issues: [{ path: expect.stringContaining('named.yaml:4'), message: expect.stringContaining('"Release"') }],
    },
  })
  const steps = [{ budgetLeftBelow: 0, actions: [{ kind: 'freeze' }] }]
  await api.send('POST', '/api/v1/budget-policies', { as: admin, body: { name: 'Release', steps } })
  await apply(annotated('Release'))
  const id = await idOf('named')
  const followed = () => get(`/api/v1/slos/${id}/budget-policy`)
  expect(await followed()).toMatchObject({ policy: { name: 'Release' }, objective: 0, attachedBy: 'API key "write"' })
  expect(await plan(annotated('Release'))).toMatchObject({ isEqual: true })
  expect((await get('/api/v1/code/export?format=openslo')).text).toContain('nines/budget-policy: Release')

  await api.send('PUT', `/api/v1/slos/${id}/budget-policy`, { as: admin, body: { policyId: null } })
  const { changes } = await plan(annotated('Release'))
  expect(changes.find((change: { slug: string }) => change.slug === 'named')).toMatchObject({
    action: 'update',
    drifted: true,
    fields: [{ path: 'budgetPolicy', before: null, after: { name: 'Release', objective: 0 } }],
  })
  await apply(annotated('Release'))
  await apply(named('displayName: named works'))
  expect(await followed()).toMatchObject({ policy: { name: 'Release' } })
  await apply(annotated("''"))
  expect(await followed()).toMatchObject({ policy: null })
})
