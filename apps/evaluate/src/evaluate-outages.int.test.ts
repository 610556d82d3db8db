import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningApp } from '@nines/kernel'
import { startTcpGate, useServices, type TcpGate } from '@nines/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEvaluateBed } from './evaluate-bed.fixture.ts'
import { start } from './index.ts'
import { Traffic } from './traffic.fixture.ts'

const MINUTE = 60_000
const services = await useServices()
const bed = createEvaluateBed(services)
const gates = new Map<string, TcpGate>()
const now = Math.floor(Date.now() / MINUTE) * MINUTE
let app: RunningApp

/** The same address through a gate. */
async function gated(name: string, address: string): Promise<string> {
  const url = new URL(address)
  const gate = await startTcpGate({ host: url.hostname, port: Number(url.port) })
  gates.set(name, gate)
  url.hostname = '127.0.0.1'
  url.port = String(gate.port)
  return url.toString().replace(/\/$/, '')
}

beforeAll(async () => {
  await bed.prepare()
  app = await start({
    ...services.env,
    DATABASE_URL: await gated('postgresql', services.databaseUrl),
    CLICKHOUSE_URL: await gated('clickhouse', services.clickhouseUrl),
    REDIS_URL: await gated('redis', services.redisUrl),
  })
})
afterAll(async () => {
  for (const gate of gates.values()) gate.open()
  await app.stop()
  for (const gate of gates.values()) gate.close()
  await bed.close()
})

const untilCounts = (sloId: string, traffic: Traffic) =>
  vi.waitFor(async () => expect(await bed.status(sloId)).toMatchObject(traffic.sum()), {
    timeout: 40_000,
    interval: 100,
  })
const readiness = async () => (await fetch(`${app.url}/readyz`)).status

test.each(['redis', 'clickhouse', 'postgresql'])(
  '%s away for seconds: nothing is lost, and an SLO created meanwhile gets its history',
  async (store) => {
    const gate = gates.get(store)
    const [known, created] = [`known_${store}`, `created_${store}`]
    const { sloId } = await bed.createSlo(known)
    const [traffic, unheard] = [new Traffic(known, now - 12 * MINUTE), new Traffic(created, now - 12 * MINUTE)]
    await bed.append(traffic.push(now - 12 * MINUTE, 10, 0))
    await untilCounts(sloId, traffic)
    expect(await readiness()).toBe(200)

    gate?.shut()
    const newcomer = await bed.createSlo(created)
    for (let i = 11; i > 5; i--) {
      await bed.append(traffic.push(now - i * MINUTE, 10, i % 2))
      await bed.append(unheard.push(now - i * MINUTE, 20, i % 3))
      await sleep(300)
    }
    expect(await readiness()).toBe(503)
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
    gate?.open()
    await bed.append(traffic.push(now - 4 * MINUTE, 10, 1))
    await untilCounts(sloId, traffic)
    await untilCounts(newcomer.sloId, unheard)
    expect(await readiness()).toBe(200)
  },
  90_000,
)
