import { spawn } from 'node:child_process'
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { start } from '@nines/app-api'
import { newToken, type RunningApp } from '@nines/kernel'
import { bootstrapInstallation, createApiKey, createPrisma } from '@nines/records'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCheckout } from '../checkout.ts'

const services = await useServices()
let app: RunningApp
let folder: string
let key: string

beforeAll(async () => {
  await bootstrapInstallation(services.databaseUrl, {
    secretKey: services.env.NINES_SECRET_KEY ?? '',
    ingestKey: newToken('nk_'),
    internalKey: newToken('nk_'),
    demo: false,
  })
  app = await start(services.env)
  const prisma = createPrisma(services.databaseUrl, { maxConnections: 1 })
  const { id } = await prisma.workspace.findFirstOrThrow()
  key = (await createApiKey(prisma, id, { name: 'ci', scopes: ['write'], createdById: null })).secret
  await prisma.$disconnect()
  folder = await mkdtemp(path.join(tmpdir(), 'nines-code-'))
  await mkdir(path.join(folder, 'slo/.hidden'), { recursive: true })
  await writeFile(path.join(folder, 'slo/b.yaml'), slo(0.99))
  await writeFile(path.join(folder, 'slo/deployment.yml'), 'apiVersion: apps/v1\nkind: Deployment\n')
  await writeFile(path.join(folder, 'slo/.hidden/x.yaml'), 'not: read\n')
  await writeFile(path.join(folder, 'slo/readme.md'), 'not read')
})
afterAll(async () => {
  await app.stop()
  await rm(folder, { recursive: true })
})

const slo = (target: number) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: web }
spec:
  service: shop
  indicator:
    metadata: { name: ok }
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(good_total[5m]))' } } }
        total: { metricSource: { type: Prometheus, spec: { query: 'sum(rate(all_total[5m]))' } } }
  timeWindow: [{ duration: 28d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: ${target} }]
`

/** Each run starts the whole command, a second or more where others want the processors too. */
const LONG = { timeout: 240_000 }

/** Runs the command as a shell in the test's folder would. */
async function nines(args: string[], { stdin = '', env = {} }: { stdin?: string; env?: Record<string, string> } = {}) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', inCheckout('apps/nines/src/main.ts'), ...args],
    {
      cwd: inCheckout('.'),
      env: {
        ...process.env,
        NINES_INVOKED_FROM: folder,
        NINES_URL: app.url,
        NINES_API_KEY: key,
        NO_COLOR: '1',
        ...env,
      },
    },
  )
  child.stdin.end(stdin)
  const [code, out, error] = await Promise.all([
    new Promise<number | null>((resolve) => child.once('close', resolve)),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, out, error }
}

test('diff says 1, apply --dry-run changes nothing, apply applies, diff says 0', LONG, async () => {
  const before = await nines(['diff', '-f', 'slo'])
  expect(before.error).toBe('')
  expect([before.code, before.out]).toEqual([
    1,
    `  + Service shop  slo/b.yaml:1
  + SLO web  slo/b.yaml:1
  ! skipped: slo/deployment.yml:1 apiVersion: "apps/v1" is not SLO code

Plan: 2 to create.
`,
  ])
  expect((await nines(['apply', '-f', 'slo', '--dry-run'])).code).toBe(0)
  expect((await nines(['diff', '-f', 'slo'])).code).toBe(1)
  const applied = await nines(['apply', '-f', 'slo', '--commit', 'abc'])
  expect([applied.code, applied.out.endsWith('Applied.\n')]).toEqual([0, true])
  const after = await nines(['diff', '-f', 'slo/b.yaml', '--json'])
  expect([after.code, JSON.parse(after.out).isEqual]).toEqual([0, true])
  expect((await nines(['apply', '-f', 'slo/b.yaml'])).out).toBe('Nothing to change: 1 unchanged.\n')
})

test('standard input, field by field, and the export of it', LONG, async () => {
  const changed = await nines(['diff', '-f', '-'], { stdin: slo(0.995) })
  expect(changed.code).toBe(1)
  expect(changed.out).toContain('  ~ SLO web  -:1\n      target: 0.99 -> 0.995\n')
  const original = await nines(['export', '--format', 'original'])
  expect([original.code, original.out]).toEqual([0, slo(0.99)])
  const openSlo = await nines(['export'])
  expect(openSlo.out).toContain(slo(0.99))
  expect((await nines(['diff', '-f', '-'], { stdin: openSlo.out })).out).not.toContain('~ SLO')
})

test('what cannot be done ends with 2 and says why on standard error', LONG, async () => {
  const broken = await nines(['diff', '-f', '-'], { stdin: slo(2) })
  expect([broken.code, broken.out]).toEqual([2, ''])
  expect(broken.error).toContain('-:15 (document 1) spec.objectives[0].target: must be below 1')
  expect(await nines(['validate', '-f', '-'], { stdin: slo(2), env: { NINES_API_KEY: '' } })).toMatchObject({ code: 2 })
  expect(await nines(['validate', '-f', 'slo'], { env: { NINES_API_KEY: '' } })).toMatchObject({
    code: 0,
    out: '1 documents are valid (1 SLOs), 0 problems\n',
  })
  expect((await nines(['diff', '-f', 'missing.yaml'])).error).toContain('missing.yaml cannot be read')
  expect(await nines(['diff'])).toMatchObject({ code: 2 })
  const noKey = await nines(['diff', '-f', 'slo'], { env: { NINES_API_KEY: '' } })
  expect([noKey.code, noKey.error]).toEqual([2, expect.stringContaining('NINES_API_KEY is not set')])
  const away = await nines(['diff', '-f', 'slo', '--url', 'http://127.0.0.1:1'])
  expect([away.code, away.error]).toEqual([2, expect.stringContaining('http://127.0.0.1:1 does not answer')])
})

test('the examples of the guide, a composite and a budget policy among them, are applied once', LONG, async () => {
  const examples = inCheckout('docs/examples/slo')
  const applied = await nines(['apply', '-f', examples])
  expect([applied.code, applied.error]).toEqual([0, ''])
  for (const made of [
    'BudgetPolicy Release',
    'SLO order-journey',
    'SLO order-journey-cart',
    'SLO order-journey-payment',
  ])
    expect(applied.out).toContain(`  + ${made}  `)
  expect((await nines(['diff', '-f', examples])).code).toBe(0)
  const policy = await readFile(path.join(examples, 'release-policy.yaml'), 'utf8')
  const changed = await nines(['diff', '-f', '-'], { stdin: policy.replace('margin: 0.05', 'margin: 0.1') })
  expect([changed.code, changed.out]).toEqual([
    1,
    '  ~ BudgetPolicy Release  -:5\n      margin: 0.05 -> 0.1\n\nPlan: 1 to update.\n',
  ])
})
