import { setTimeout as sleep } from 'node:timers/promises'
import { isComposite } from '@nines/contracts'
import { applyAlertEvent, applyVerdict, loadSloDefinitions } from '@nines/records'
import { HOUR_MS } from '@nines/slo'
import { countMinutes, findStoredSeries, readSlices } from '@nines/telemetry'
import { startTcpGate, useServices, type AppProcess } from '@nines/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEvaluateBed, PAGE } from './evaluate-bed.fixture.ts'
import { Fleet } from './fleet.fixture.ts'
import { ownerOf } from './rendezvous.ts'
import { spawnedReplicas } from './spawned-replicas.fixture.ts'

/** Long enough for a machine with other work. How long it took is reported and no condition: ten seconds are asked for. */
const PATIENCE_MS = 60_000
const LAG_MS = 8 * 60_000
/** Beyond the short window, and still a minute that is over and settled. */
const RECOVERED_LAG_MS = 96_000
const SLOS = 60

const services = await useServices()
const bed = createEvaluateBed(services)
const { spawn, killAll } = spawnedReplicas(services)
const replicas = new Map<string, AppProcess>()
const slos = new Map<string, { sloId: string; ruleId: string }>()
const broken = new Set<string>()
const names = Array.from({ length: SLOS }, (_, i) => `fleet_${i}`)
const fleet = new Fleet(names, LAG_MS, (block) => bed.append(block))
const settings = { publicUrl: 'http://localhost', secretKey: services.env.NINES_SECRET_KEY ?? '' }
const redisAddress = new URL(services.redisUrl)
const gate = await startTcpGate({ host: redisAddress.hostname, port: Number(redisAddress.port) })

beforeAll(async () => {
  await bed.prepare()
  bed.hear(
    {
      advanceAlert: async (payload) => void (await applyVerdict(bed.prisma, payload, settings)),
      wakeAlert: async ({ workspaceId, alertId }) =>
        void (await applyAlertEvent(bed.prisma, { workspaceId, alertId, event: 'timer' }, settings)),
    },
    8,
  )
  await fleet.sendHistory()
  await bed.untilStored()
  for (const name of names) {
    slos.set(name, await bed.createSlo(name, undefined, undefined, { ...PAGE, resolveAfterSeconds: 0 }))
  }
  const gated = `redis://127.0.0.1:${gate.port}${redisAddress.pathname}`
  await Promise.all([join('r1'), join('r2'), join('r3', { REDIS_URL: gated })])
  fleet.start()
  await untilAllOwned()
}, 3 * PATIENCE_MS)
afterAll(async () => {
  for (const replica of replicas.values()) process.kill(replica.pid, 'SIGCONT')
  await fleet.stop()
  await killAll()
  gate.close()
  await bed.close()
})

async function join(name: string, env: Record<string, string> = {}): Promise<void> {
  replicas.set(name, await spawn({ NINES_REPLICA_ID: name, ...env }))
}

/** Three replicas know of each other, and every SLO is evaluated by whoever owns it among them. */
async function untilAllOwned(): Promise<void> {
  await vi.waitFor(async () => expect(await liveReplicas()).toHaveLength(3), { timeout: PATIENCE_MS, interval: 100 })
  // By then a former owner has noticed and given up what it shows the status of.
  const since = Date.now() + 2_000
  await vi.waitFor(
    async () => {
      const statuses = await Promise.all([...slos.values()].map(({ sloId }) => bed.status(sloId)))
      for (const status of statuses) expect(status?.at).toBeGreaterThan(since)
    },
    { timeout: 30_000, interval: 200 },
  )
}

const liveReplicas = () => bed.redis.zrange(`${services.redisPrefix}:evaluate:replicas`, '0', '-1')

/** SLOs that the replica owns among those that live and that have not been broken yet. */
async function soundSlosOf(replica: string): Promise<string[]> {
  const members = await liveReplicas()
  return names.filter((name) => !broken.has(name) && ownerOf(slos.get(name)?.sloId ?? '', members) === replica)
}

/** Breaks each SLO at a random moment of the next so many milliseconds. */
async function breakDownWithin(chosen: readonly string[], spanMs: number): Promise<void> {
  await Promise.all(
    chosen.map(async (name) => {
      broken.add(name)
      await sleep(Math.random() * spanMs)
      fleet.breakDown(name)
    }),
  )
}

async function alertsOf(name: string) {
  const where = { ruleId: slos.get(name)?.ruleId ?? '' }
  return bed.prisma.alert.findMany({ where, orderBy: { startedAt: 'asc' }, select: { state: true, firedAt: true } })
}

/** When the alert of each fired, epoch ms; waits for them. */
async function firings(chosen: readonly string[], timeout: number): Promise<number[]> {
  return vi.waitFor(
    async () => {
      const found = await Promise.all(chosen.map(alertsOf))
      expect(found.map((alerts) => alerts.length)).toEqual(chosen.map(() => 1))
      return found.map(([alert]) => alert?.firedAt?.getTime() ?? NaN)
    },
    { timeout, interval: 50 },
  )
}

/** Everything that was broken has one alert, fired once and not before it was due, and nothing else has any. */
async function expectOneAlertEach(): Promise<void> {
  for (const name of names) {
    const alerts = await alertsOf(name)
    expect([name, alerts.length]).toEqual([name, broken.has(name) ? 1 : 0])
    for (const { firedAt } of alerts)
      expect(firedAt?.getTime()).toBeGreaterThan((fleet.dueAt.get(name) ?? Infinity) - 500)
  }
}

/** From the last sign of life to the pages that the next owner made; says how long it took. */
function timesOf(from: number, fired: readonly number[]): string {
  const delays = fired.filter((at) => at >= from).map((at) => at - from)
  const sorted = delays.sort((a, b) => a - b)
  const text = [sorted[Math.floor(sorted.length / 2)] ?? NaN, sorted.at(-1) ?? NaN].map(
    (ms) => `${(ms / 1000).toFixed(1)} s`,
  )
  expect(sorted.length).toBeGreaterThan(0)
  return `${sorted.length} outages paged by the next owner: median ${text[0]} and latest ${text[1]} after the last sign of life`
}

test(
  'killed: outages of its SLOs that begin meanwhile are paged once, by the next owner',
  async ({ annotate }) => {
    const theirs = (await soundSlosOf('r1')).slice(0, 8)
    const others = (await soundSlosOf('r2')).slice(0, 2)
    const breaking = Promise.all([breakDownWithin(theirs, 3_000), breakDownWithin(others, 3_000)])
    await sleep(500)
    const killedAt = Date.now()
    await replicas.get('r1')?.kill()
    replicas.delete('r1')
    await breaking
    await annotate(timesOf(killedAt, await firings(theirs, PATIENCE_MS)))
    await firings(others, PATIENCE_MS)
    await expectOneAlertEach()
  },
  3 * PATIENCE_MS,
)

test(
  'stopped and back: it neither pages again what ended meanwhile nor writes what it knew before',
  async ({ annotate }) => {
    await join('r4')
    await untilAllOwned()
    const sound = await soundSlosOf('r2')
    const [recovering, later, breaking] = [sound.slice(0, 2), sound.slice(2, 4), sound.slice(4, 10)]
    await breakDownWithin(recovering, 500)
    await firings(recovering, PATIENCE_MS)
    const { pid } = replicas.get('r2') ?? { pid: 0 }
    const stoppedAt = Date.now()
    process.kill(pid, 'SIGSTOP')
    for (const name of recovering) fleet.skipAhead(name, RECOVERED_LAG_MS)
    await breakDownWithin(breaking, 2_500)
    await annotate(timesOf(stoppedAt, await firings(breaking, PATIENCE_MS)))
    await vi.waitFor(
      async () => {
        const states = (await Promise.all(recovering.map(alertsOf))).map((alerts) => alerts.map(({ state }) => state))
        expect(states).toEqual(recovering.map(() => ['resolved']))
      },
      { timeout: PATIENCE_MS, interval: 50 },
    )
    // Longer than a verdict waits to be said again: it comes back with that on its tongue.
    await sleep(Math.max(0, stoppedAt + 11_000 - Date.now()))
    process.kill(pid, 'SIGCONT')
    await breakDownWithin(later, 1_000)
    await firings(later, PATIENCE_MS)
    expect(await liveReplicas()).toContain('r2')
    await sleep(2_000)
    await expectOneAlertEach()
  },
  3 * PATIENCE_MS,
)

test(
  'cut off from Redis for eight seconds: others go on, and nothing comes twice when it is back',
  async ({ annotate }) => {
    const sound = await soundSlosOf('r3')
    const [later, theirs] = [sound.slice(0, 2), sound.slice(2, 8)]
    const breaking = breakDownWithin(theirs, 3_000)
    await sleep(500)
    const cutAt = Date.now()
    gate.shut()
    await breaking
    await sleep(cutAt + 8_000 - Date.now())
    gate.open()
    await annotate(timesOf(cutAt, await firings(theirs, PATIENCE_MS)))
    await vi.waitFor(async () => expect(await liveReplicas()).toContain('r3'), { timeout: PATIENCE_MS })
    await breakDownWithin(later, 500)
    await firings(later, PATIENCE_MS)
    await sleep(1_000)
    await expectOneAlertEach()
  },
  3 * PATIENCE_MS,
)

test(
  'afterwards the slices are what happened, and what raw telemetry gives at once, to the bit',
  async () => {
    await fleet.stop()
    const definitions = await loadSloDefinitions(bed.prisma)
    const to = Date.now()
    for (const name of names) {
      const { sloId } = slos.get(name) ?? { sloId: '' }
      const query = { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to }
      const stored = async () => (await readSlices(bed.telemetry, query)).map((s) => [s.minute, s.good, s.total])
      const truth = [...fleet.truthOf(name).truth].sort(([a], [b]) => a - b).map(([at, c]) => [at, c.good, c.total])
      await vi.waitFor(async () => expect(await stored()).toEqual(truth), { timeout: PATIENCE_MS, interval: 100 })

      const found = definitions.find(({ id }) => id === sloId)
      if (!found || isComposite(found.sli)) throw new Error(`${name} is not there`)
      const definition = { ...found, sli: found.sli }
      const from = (truth[0]?.[0] ?? 0) - HOUR_MS
      const series = await findStoredSeries(bed.telemetry, definition, from)
      const reductions = new Map(series.map((one) => [one.definition.id, one.reduction]))
      const batch: number[][] = []
      for await (const { minutes } of countMinutes(bed.telemetry, definition, reductions, { from, to, floor: from })) {
        for (const [minute, { good, total }] of minutes.minutes()) batch.push([minute, good, total])
      }
      expect(batch.sort(([a = 0], [b = 0]) => a - b)).toEqual(truth)
    }
  },
  3 * PATIENCE_MS,
)
