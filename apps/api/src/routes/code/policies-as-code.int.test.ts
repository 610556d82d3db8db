import { useServices } from '@nines/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { startApi } from '../../test-fixtures/api-under-test.ts'
import { actionsOf, codeUnderTest, sloText } from '../../test-fixtures/code-under-test.ts'

const services = await useServices()
const api = await startApi(services)
const code = await codeUnderTest(api)
afterAll(() => api.stop())
const channel = { name: 'Team hook', url: 'https://example.com/hook' }
const made = await api.send('POST', '/api/v1/channels', { as: code.admin, body: channel })
const channelId: string = made.json.channel.id

const policy = (name: string, change: [string, string][] = []) =>
  change.reduce(
    (text, [from, to]) => text.replace(from, to),
    `# What ${name} agreed on
apiVersion: nines/v1
kind: BudgetPolicy
metadata: { name: ${name} }
spec:
  description: Nothing new while users are hurt.
  onUnknown: freeze
  steps:
    - budgetLeftBelow: 0
      actions: [{ kind: ticket, channel: Team hook }, { kind: freeze }]
    - budgetLeftBelow: 0.25
      actions:
        - { kind: notify, channel: Team hook }
        - { kind: note, text: Slow down. }
`,
  )
const following = (slo: string, name: string) =>
  sloText(slo, [[`displayName: ${slo} works`, `annotations: { nines/budget-policy: ${name} }`]])
const policies = async () => (await code.get('/api/v1/budget-policies')).items
const named = async (name: string) => (await policies()).find((one: { name: string }) => one.name === name)

test('a policy and an SLO that follows it, in any order, are made once', async () => {
  const files = { 'slo.yaml': following('first', 'First'), 'policy.yaml': policy('First') }
  expect(actionsOf(await code.plan(files))).toEqual([
    'create Service first-service',
    'create BudgetPolicy First',
    'create SLO first',
  ])
  const applied = await code.apply(files, { commit: 'abc123' })
  expect(applied.changes.every((change: { id: string | null }) => change.id !== null)).toBe(true)
  expect(await named('First')).toMatchObject({
    description: 'Nothing new while users are hurt.',
    margin: 0.05,
    onUnknown: 'freeze',
    createdBy: 'API key "write"',
    steps: [
      {
        budgetLeftBelow: 0.25,
        actions: [
          { kind: 'notify', channelId },
          { kind: 'note', text: 'Slow down.' },
        ],
      },
      { budgetLeftBelow: 0, actions: [{ kind: 'ticket', channelId }, { kind: 'freeze' }] },
    ],
    slos: [{ name: 'first' }],
  })
  // The gate follows at once: what is left is not known, and the policy says what then.
  expect(await code.get(`/api/v1/slos/${await code.idOf('first')}/gate`)).toMatchObject({
    allowed: false,
    reasons: [{ code: 'unknown_frozen' }],
  })
  expect(await code.plan(files)).toMatchObject({ isEqual: true })
  expect((await code.apply(files)).isEqual).toBe(true)
  const listed = (await code.get('/api/v1/code')).items
  expect(listed.find((one: { kind: string }) => one.kind === 'BudgetPolicy')).toMatchObject({
    format: 'nines',
    name: 'First',
    file: 'policy.yaml',
    budgetPolicies: [{ name: 'First', drifted: false }],
    slos: [],
  })
})

test('what is wrong is told with file, document and field, and nothing is applied', async () => {
  const file = `${policy('Wrong')}---\n${policy('Wronger', [['Team hook', 'Nobody']])}`
  expect(await code.refusal({ 'wrong.yaml': file })).toEqual([
    'wrong.yaml:25 (document 2) spec.steps[0].actions[0].channel: there is no channel named "Nobody"',
  ])
  const misspelt: [string, string] = [
    '{ kind: notify, channel: Team hook }',
    '{ kind: notify, webhookUrl: https://a.example }',
  ]
  expect(
    await code.refusal({ 'wrong.yaml': policy('Wrong', [['onUnknown: freeze', 'onUnknown: deny'], misspelt]) }),
  ).toEqual([
    'wrong.yaml:13 (document 1) spec.steps[1].actions[0].channel: is required',
    'wrong.yaml:13 (document 1) spec.steps[1].actions[0].webhookUrl: is not a field here',
    'wrong.yaml:7 (document 1) spec.onUnknown: must be allow or freeze',
  ])
  expect(await named('Wrong')).toBeUndefined()
})

describe('a policy from code', () => {
  test('shows its source, is not edited by hand, and drifts when a key changes it', async () => {
    const files = { 'dir/drifting.yaml': policy('Drifting') }
    await code.apply(files, { commit: 'c0ffee' })
    const { id, slos: _none, ...before } = await named('Drifting')
    const path = `/api/v1/budget-policies/${id}`
    const input = {
      name: 'Drifted',
      description: before.description,
      steps: before.steps,
      margin: 0.2,
      onUnknown: 'freeze',
    }
    for (const [method, body] of [
      ['PUT', input],
      ['DELETE', undefined],
    ] as const)
      expect(await api.send(method, path, { as: code.admin, body })).toMatchObject({
        status: 409,
        json: { detail: expect.stringContaining('dir/drifting.yaml') },
      })
    // Which SLOs follow it is not said by its document.
    await code.apply({ 'followed.yaml': sloText('followed') })
    const slos = [{ id: await code.idOf('followed') }]
    const same = { ...input, name: 'Drifting', margin: 0.05, slos }
    expect((await api.send('PUT', path, { as: code.admin, body: same })).status).toBe(200)
    expect(await code.plan(files)).toMatchObject({ isEqual: true })

    expect(await code.get(`${path}/source`)).toMatchObject({
      source: { file: 'dir/drifting.yaml', commit: 'c0ffee', format: 'nines', kind: 'BudgetPolicy', drift: [] },
    })
    expect((await api.send('PUT', path, { as: code.keys.write, body: input })).status).toBe(200)
    const drift = [
      { path: 'name', before: 'Drifting', after: 'Drifted' },
      { path: 'margin', before: 0.05, after: 0.2 },
    ]
    expect((await code.get(`${path}/source`)).source.drift).toEqual(drift)
    expect(await code.plan(files)).toMatchObject({
      isEqual: false,
      changes: [{ kind: 'BudgetPolicy', action: 'update', drifted: true, id }],
    })
    expect(await code.export('openslo')).toContain('# was changed in Nines since it was applied from dir/drifting.yaml')
    await code.apply(files)
    expect((await code.get(`${path}/source`)).source.drift).toEqual([])
    expect(await named('Drifting')).toMatchObject({ id, margin: 0.05, slos: [{ name: 'followed works' }] })

    const document = (await code.get('/api/v1/code')).items.find((one: { name: string }) => one.name === 'Drifting')
    await api.send('DELETE', `/api/v1/code/${document.id}`, { as: code.admin })
    expect(await code.get(`${path}/source`)).toEqual({ source: null })
    expect((await api.send('PUT', path, { as: code.admin, body: input })).status).toBe(200)
  })

  test('is not removed while SLOs follow it, who are named, and is once none does', async () => {
    const file = `${following('alpha', 'Leaving')}---\n${following('beta', 'Leaving')}`
    await code.apply({ 'slos.yaml': file, 'leaving.yaml': policy('Leaving') })
    const { id } = await named('Leaving')
    const removed = await api.send('DELETE', `/api/v1/budget-policies/${id}`, { as: code.keys.write })
    expect(removed).toMatchObject({ status: 409, json: { detail: 'the SLOs "alpha", "beta" follow this policy' } })

    const without = { 'leaving.yaml': '# nothing is left\n' }
    expect(actionsOf(await code.plan(without))).toEqual(['left BudgetPolicy Leaving'])
    expect(await code.refusal(without, { prune: true })).toEqual([
      'Leaving: cannot be removed: the SLOs "alpha", "beta" follow this policy',
    ])
    // One goes, the other follows none any more: then nothing holds the policy.
    const slos = { 'slos.yaml': following('beta', "''") }
    expect(actionsOf(await code.apply({ ...without, ...slos }, { prune: true }))).toEqual([
      'remove BudgetPolicy Leaving',
      'update SLO beta',
      'remove SLO alpha',
    ])
    expect(await named('Leaving')).toBeUndefined()
    expect((await code.get('/api/v1/code')).items.map((one: { name: string }) => one.name)).not.toContain('Leaving')
    expect(await code.refusal({ 'slos.yaml': following('beta', 'Leaving') })).toEqual([
      expect.stringContaining('there is no budget policy named "Leaving"'),
    ])
  })

  test('takes another name together with the SLOs that follow it', async () => {
    await code.apply({ 'moving.yaml': `${policy('Moving')}---\n${following('moving', 'Moving')}` })
    const alone = { 'moving.yaml': `${policy('Moved')}---\n${following('moving', 'Moving')}` }
    expect(await code.refusal(alone, { prune: true })).toContain(
      'Moving: cannot be removed: the SLO "moving" follows this policy',
    )
    const together = { 'moving.yaml': `${policy('Moved')}---\n${following('moving', 'Moved')}` }
    await code.apply(together, { prune: true })
    expect([await named('Moving'), await named('Moved')]).toMatchObject([undefined, { slos: [{ name: 'moving' }] }])
    expect(await code.plan(together, { prune: true })).toMatchObject({ isEqual: true })
  })
})

test('an export holds policies made by hand too, and applies again without a difference', async () => {
  const steps = [{ budgetLeftBelow: -0.5, actions: [{ kind: 'notify', channelId }, { kind: 'freeze' }] }]
  await api.send('POST', '/api/v1/budget-policies', { as: code.admin, body: { name: 'By hand', steps } })
  const text = await code.export('openslo')
  expect(text).toContain('# What First agreed on')
  expect(text).toContain('channel: Team hook')
  expect(text).not.toContain(channelId)
  const { changes } = await code.plan({ 'export.yaml': text })
  expect(changes.filter((change: { action: string }) => change.action !== 'unchanged')).toEqual([])
  expect(actionsOf({ changes })).toContain('unchanged BudgetPolicy By hand')
  expect(await code.export('original')).not.toContain('By hand')
})
