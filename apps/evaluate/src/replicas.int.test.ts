import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { readSlices } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createEvaluateBed } from './evaluate-bed.fixture.ts'
import { spawnedReplicas } from './spawned-replicas.fixture.ts'
import { Traffic } from './traffic.fixture.ts'

const MINUTE = 60_000
const services = await useServices()
const bed = createEvaluateBed(services)
const { spawn, killAll } = spawnedReplicas(services)

beforeAll(() => bed.prepare())
afterEach(killAll)
afterAll(() => bed.close())

/** A port that was free a moment ago. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 40_000, interval: 100 })
const untilCounts = (sloId: string, traffic: Traffic) =>
  eventually(async () => expect(await bed.status(sloId)).toMatchObject(traffic.sum()))
const now = Math.floor(Date.now() / MINUTE) * MINUTE

/** Slices in the store that ended at least a minute ago, and what truly happened in the same time. */
async function expectSlicesOfTruth(sloId: string, traffic: Traffic): Promise<void> {
  const to = now - MINUTE
  const slices = await readSlices(bed.telemetry, { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to })
  const truth = [...traffic.truth].filter(([minute]) => minute < to).sort(([a], [b]) => a - b)
  expect(slices.map((s) => [s.minute, { good: s.good, total: s.total }])).toEqual(truth)
}

test.each([[0.2], [0.5], [0.9]])(
  'killed after %d of the data: the same as if nothing had happened',
  async (share) => {
    const name = `killed_${share * 10}`
    const { sloId } = await bed.createSlo(name)
    const traffic = new Traffic(name, now - 50 * MINUTE)
    const pushes = Array.from({ length: 150 }, (_, i) => traffic.push(now - 50 * MINUTE + i * 20_000, 10, i % 7))
    // Every tenth push after the first comes only at the end, late by up to 45 minutes.
    const late = pushes.filter((_, i) => i > 0 && i % 10 === 0)
    const timely = pushes.filter((push) => !late.includes(push))
    const before = timely.splice(0, Math.floor(timely.length * share))
    const first = await spawn()
    for (const block of before) {
      await bed.append(block)
      await sleep(2)
    }
    await first.kill()
    for (const block of timely.splice(0, timely.length / 2)) await bed.append(block)
    const second = await spawn()
    for (const block of [...timely, ...late]) {
      await bed.append(block)
      await sleep(2)
    }
    await second.kill()
    await spawn()
    await untilCounts(sloId, traffic)
    await eventually(() => expectSlicesOfTruth(sloId, traffic))
  },
  120_000,
)

test('two replicas share the SLOs; what a killed one owned is taken over and goes on', async () => {
  const names = Array.from({ length: 8 }, (_, i) => `shared_${i}`)
  const slos = await Promise.all(names.map(async (name) => ({ name, ...(await bed.createSlo(name)) })))
  const traffics = names.map((name) => new Traffic(name, now - 5 * MINUTE))
  const pushAll = async (at: number, good: number, bad: number) => {
    for (const traffic of traffics) await bed.append(traffic.push(at, good, bad))
  }
  const untilAllCounted = async () => {
    for (const [i, { sloId }] of slos.entries()) {
      const traffic = traffics[i]
      if (traffic) await untilCounts(sloId, traffic)
    }
  }
  const first = await spawn()
  await pushAll(now - 5 * MINUTE, 100, 0)
  await untilAllCounted()
  await spawn()
  const members = () => bed.redis.zcard(`${services.redisPrefix}:evaluate:replicas`)
  await eventually(async () => expect(await members()).toBe(2))
  await pushAll(now - 4 * MINUTE, 50, 1)
  await untilAllCounted()
  await first.kill()
  await pushAll(now - 3 * MINUTE, 70, 2)
  await untilAllCounted()
  expect(await members()).toBe(1)
}, 120_000)

test('a replica that was killed and starts again on its port takes its SLOs up without waiting for its own silence', async () => {
  const name = 'again'
  const { sloId } = await bed.createSlo(name)
  const traffic = new Traffic(name, now - 5 * MINUTE)
  const port = { NINES_EVALUATE_PORT: await freePort() }
  const first = await spawn(port)
  await bed.append(traffic.push(now - 5 * MINUTE, 100, 0))
  await untilCounts(sloId, traffic)
  const key = `${services.redisPrefix}:evaluate:replicas`
  // A replica of the test before may still be leaving: only those of this port count.
  const ofThisPort = async () =>
    (await bed.redis.zrange(key, '0', '-1')).filter((member) => member.endsWith(`:${port.NINES_EVALUATE_PORT}`))
  expect(await ofThisPort()).toHaveLength(1)
  await first.kill()
  await spawn(port)
  await bed.append(traffic.push(now - 4 * MINUTE, 100, 1))
  await untilCounts(sloId, traffic)
  expect(await ofThisPort()).toHaveLength(1)
}, 60_000)
