import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start as startIngest } from '@nines/app-ingest'
import { reviewSections } from '@nines/contracts'
import { webhookHeaders } from '@nines/delivery'
import { decryptSecret, newToken, type RunningApp } from '@nines/kernel'
import { bootstrapInstallation, createPrisma } from '@nines/records'
import { publishProblems } from '@nines/reviews'
import { useServices } from '@nines/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { start } from './demo-app.ts'
import { controlDemo, findDemo } from './demo-client.ts'

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
const secretKey = Buffer.alloc(32, 7).toString('base64')
const installation = { secretKey, ingestKey: newToken('nk_'), internalKey: newToken('nk_'), demo: true }
let directory: string
let ingest: RunningApp
let demo: RunningApp | undefined

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nines-demo-'))
  await bootstrapInstallation(services.databaseUrl, installation)
  ingest = await startIngest({ ...services.env, NINES_SECRET_KEY: secretKey, NINES_INGEST_PORT: '0' })
})
afterEach(async () => {
  await demo?.stop()
  demo = undefined
})
afterAll(async () => {
  await ingest.stop()
  await prisma.$disconnect()
  await rm(directory, { recursive: true, force: true })
})

async function startDemo(): Promise<RunningApp> {
  const app = await start({
    ...services.env,
    NINES_SECRET_KEY: secretKey,
    NINES_PUBLIC_URL: 'http://localhost:8080',
    NINES_INGEST_URL: ingest.url,
    NINES_INGEST_KEY: installation.internalKey,
    NINES_DATA_DIR: directory,
    NINES_DEMO_PORT: '0',
    NINES_DEMO_SHOP_PORT: '0',
  })
  demo = app
  const ready = async () => (await fetch(`${app.url}/readyz`)).status
  await expect.poll(ready, { timeout: 90_000, interval: 100 }).toBe(200)
  return app
}

const counts = async () => ({
  services: await prisma.service.count(),
  slos: await prisma.slo.count(),
  rules: await prisma.alertRule.count(),
  people: await prisma.membership.count(),
  channels: await prisma.channel.count(),
  checks: await prisma.check.count(),
  policies: await prisma.escalationPolicy.count(),
  incidents: await prisma.incident.count(),
})

describe('the demonstration', { timeout: 120_000 }, () => {
  it('fills an empty installation once and leaves the first sign-in open', async () => {
    await startDemo()
    const first = await counts()
    expect(first).toMatchObject({ services: 4, slos: 8, people: 2, channels: 1, checks: 1, policies: 1, incidents: 1 })
    const history = await readFile(join(directory, 'demo', 'history.json'), 'utf8')
    expect(JSON.parse(history)).toMatchObject({ complete: true })
    const { setupToken } = await bootstrapInstallation(services.databaseUrl, installation)
    expect(setupToken).not.toBeNull()

    const review = await prisma.review.findFirstOrThrow({ include: { actions: true } })
    expect(review.state).toBe('published')
    expect(publishProblems({ ...review, sections: reviewSections.parse(review.sections) })).toEqual([])
    await demo?.stop()
    await startDemo()
    expect(await counts()).toEqual(first)
    expect(await readFile(join(directory, 'demo', 'history.json'), 'utf8')).toBe(history)
  })

  it('breaks and mends a service', async () => {
    await startDemo()
    const check = await prisma.check.findFirstOrThrow()
    const { url } = check.config as { url: string }
    const failures = async () => {
      const orders = Array.from({ length: 40 }, () => fetch(`${url}buy`, { method: 'POST' }))
      return (await Promise.all(orders)).filter((response) => response.status >= 500).length
    }
    const demoUrl = await findDemo(directory)
    expect(await controlDemo(demoUrl, { action: 'break', service: 'checkout', mode: 'errors' })).toEqual({
      checkout: 'errors',
    })
    expect(await failures()).toBeGreaterThan(5)
    expect(await controlDemo(demoUrl, { action: 'mend', service: 'checkout' })).toEqual({})
    expect(await failures()).toBeLessThan(5)
  })

  it('takes signed webhooks of its channel and no others', async () => {
    const { url } = await startDemo()
    const channel = await prisma.channel.findFirstOrThrow()
    expect(channel.url).toBe(`${url}/hooks/inbox`)
    const body = JSON.stringify({
      type: 'channel.test',
      timestamp: new Date().toISOString(),
      data: { workspace: 'main', message: 'hello' },
    })
    const post = async (secret: string) => {
      const message = { id: 'msg_1', timestampSeconds: Math.floor(Date.now() / 1000), body, secrets: [secret] }
      const headers = { 'content-type': 'application/json', ...webhookHeaders(message) }
      return (await fetch(channel.url, { method: 'POST', headers, body })).status
    }
    expect(await post(decryptSecret(channel.secretSealed, secretKey))).toBe(204)
    expect(await post(`whsec_${Buffer.alloc(32, 1).toString('base64')}`)).toBe(401)
    expect(await (await fetch(url)).text()).toContain('signature verified')
  })
})
