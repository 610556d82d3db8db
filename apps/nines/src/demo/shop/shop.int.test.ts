import { start as startIngest } from '@nines/app-ingest'
import { start as startStore } from '@nines/app-store'
import { newToken, type RunningApp } from '@nines/kernel'
import { bootstrapInstallation } from '@nines/records'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Faults } from './faults.ts'
import { startShop, type Shop } from './shop.ts'

const services = await useServices()
const faults = new Faults()
let apps: RunningApp[] = []
let shop: Shop

beforeAll(async () => {
  const ingestKey = newToken('nk_')
  const secretKey = services.env.NINES_SECRET_KEY ?? ''
  const installation = { secretKey, ingestKey, internalKey: newToken('nk_'), demo: false }
  await bootstrapInstallation(services.databaseUrl, installation)
  const ingest = await startIngest(services.env)
  apps = [ingest, await startStore(services.env)]
  shop = await startShop({ ingestUrl: ingest.url ?? '', ingestKey, faults, frontendPort: 0 })
})
afterAll(async () => {
  await shop.stop()
  for (const app of apps) await app.stop()
})

const buy = async () => (await fetch(`${shop.frontendUrl}/buy`, { method: 'POST' })).status

async function select<T>(sql: string): Promise<T[]> {
  const url = new URL(services.clickhouseUrl)
  url.searchParams.set('database', services.clickhouseDatabase)
  const response = await fetch(url, { method: 'POST', body: `${sql} FORMAT JSONEachRow` })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

test(
  'an order is one trace through three services, and each writes a record within it',
  { timeout: 60_000 },
  async () => {
    await expect.poll(buy, { timeout: 10_000 }).toBe(201)
    const whole = `trace_id IN (SELECT trace_id FROM spans GROUP BY trace_id HAVING count() = 7)`
    const spans = () =>
      select<{ service: string; name: string; kind: number; caller: string }>(
        `SELECT s.service AS service, s.name AS name, s.kind AS kind, p.service || ' ' || p.name AS caller
       FROM spans AS s LEFT JOIN spans AS p ON p.trace_id = s.trace_id AND p.span_id = s.parent_span_id
       WHERE s.trace_id = (SELECT min(trace_id) FROM spans WHERE ${whole}) ORDER BY s.at, s.kind`,
      )
    await expect.poll(spans, { timeout: 20_000, interval: 250 }).toHaveLength(7)
    const found = await spans()
    expect(found.map(({ service, name, caller }) => [caller.trim(), service, name])).toEqual(
      expect.arrayContaining([
        ['', 'shop-frontend', 'POST /buy'],
        ['shop-frontend POST /buy', 'shop-frontend', 'POST /orders'],
        ['shop-frontend POST /orders', 'shop-checkout', 'POST /orders'],
        ['shop-checkout POST /orders', 'shop-checkout', 'SELECT stock'],
        ['shop-checkout POST /orders', 'shop-checkout', 'POST /charges'],
        ['shop-checkout POST /charges', 'shop-payments', 'POST /charges'],
        ['shop-payments POST /charges', 'shop-payments', 'authorise card'],
      ]),
    )
    const writers = () =>
      select<{ service: string }>(`SELECT DISTINCT service FROM logs WHERE ${whole} ORDER BY service`)
    await expect
      .poll(writers, { timeout: 20_000, interval: 250 })
      .toEqual([{ service: 'shop-checkout' }, { service: 'shop-frontend' }, { service: 'shop-payments' }])
  },
)

test('a broken service fails its spans with the exception, and says so in its log', { timeout: 60_000 }, async () => {
  faults.break('checkout', 'errors')
  await Promise.all(Array.from({ length: 24 }, buy))
  faults.mend('checkout')
  const failed = () =>
    select<{ status_message: string; event_name: string[]; body: string }>(
      `SELECT s.status_message AS status_message, s.event_name AS event_name, l.body AS body
       FROM spans AS s INNER JOIN logs AS l ON l.trace_id = s.trace_id AND l.span_id = s.span_id
       WHERE s.service = 'shop-checkout' AND s.status_code = 2 AND s.kind = 2 AND l.severity_number = 17 LIMIT 1`,
    )
  await expect.poll(failed, { timeout: 20_000, interval: 250 }).toEqual([
    {
      status_message: 'stock database refused the connection',
      event_name: ['exception'],
      body: 'POST /orders failed: stock database refused the connection',
    },
  ])
})
