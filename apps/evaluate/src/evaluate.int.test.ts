import type { AdvanceAlertPayload, SloStatus } from '@nines/contracts'
import type { RunningApp } from '@nines/kernel'
import { announceConfigChange } from '@nines/pipeline'
import { readSlices } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock, type Block } from '@nines/wire'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createEvaluateBed } from './evaluate-bed.fixture.ts'
import { start } from './index.ts'
import { Traffic } from './traffic.fixture.ts'

const MINUTE = 60_000
const services = await useServices()
const bed = createEvaluateBed(services)
const verdicts: AdvanceAlertPayload[] = []
let app: RunningApp | undefined

beforeAll(async () => {
  await bed.prepare()
  bed.hear({ advanceAlert: async (payload) => void verdicts.push(payload) })
})
afterEach(async () => {
  await app?.stop()
  app = undefined
})
afterAll(async () => {
  await bed.close()
})

const eventually = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 100 })
const verdictsOf = (ruleId: string) => verdicts.filter((v) => v.ruleId === ruleId).map((v) => v.verdict)
/** Waits for a status of exactly these counts over the whole window. */
const untilCounts = (sloId: string, counts: { good: number; total: number }): Promise<SloStatus> =>
  eventually(async () => {
    const status = await bed.status(sloId)
    expect(status).toMatchObject(counts)
    return status as SloStatus
  })
const wholeMinute = (agoMinutes: number) => Math.floor(Date.now() / MINUTE) * MINUTE - agoMinutes * MINUTE

test('from blocks to a status on the board, a verdict in the queue and slices in the store', async () => {
  const { sloId, ruleId } = await bed.createSlo('live')
  app = await start(services.env)
  // Its history covers the long window of its rule with room for the minutes that this test takes.
  const minutes = [75, ...Array.from({ length: 11 }, (_, i) => 11 - i)].map(wholeMinute)
  const traffic = new Traffic('live', minutes[0] ?? 0)
  for (const minute of minutes) await bed.append(traffic.push(minute, 100, 0))
  const healthy = await untilCounts(sloId, { good: 1200, total: 1200 })
  expect(healthy).toMatchObject({ state: 'good', sli: 1, budgetRemaining: 1, version: 1 })
  // No alert is open that a first false could move.
  expect(verdictsOf(ruleId)).toEqual([])

  await bed.append(traffic.push(Date.now(), 0, 300))
  const burning = await untilCounts(sloId, { good: 1200, total: 1500 })
  expect(burning.state).toBe('bad')
  expect(burning.budgetRemaining).toBeCloseTo(1 - 0.2 / 0.001, 6)
  await eventually(async () => expect(verdictsOf(ruleId).at(-1)).toBe('true'))
  const said = verdicts.findLast((v) => v.ruleId === ruleId)
  const pair = { factor: 14.4, verdict: 'true', long: { total: 1400, good: 1100 } }
  expect(said?.evidence).toMatchObject({ kind: 'burn_rate', frozen: false, pairs: [pair] })

  const query = { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to: wholeMinute(1) }
  await eventually(async () => {
    const slices = await readSlices(bed.telemetry, query)
    expect(slices.map((s) => [s.minute, s.good, s.total])).toEqual(
      minutes.filter((minute) => minute < query.to).map((minute) => [minute, 100, 100]),
    )
  })
}, 60_000)

test('the first verdict is told where an alert was left open, or is opened later by what was said before', async () => {
  const [left, later] = [await bed.createSlo('left-open'), await bed.createSlo('opened-later')]
  const open = (ruleId: string) =>
    bed.prisma.alert.create({
      data: {
        id: `alt_${ruleId}`,
        workspaceId: bed.workspaceId,
        ruleId,
        state: 'firing',
        severity: 'critical',
        summary: 'Left open',
        openKey: ruleId,
        verdictAt: 0n,
        lastVerdict: 'true',
        startedAt: new Date(),
      },
    })
  await open(left.ruleId)
  for (const name of ['left-open', 'opened-later']) {
    const traffic = new Traffic(name, wholeMinute(75))
    for (const minute of [75, 5, 4, 3, 2]) await bed.append(traffic.push(wholeMinute(minute), 100, 0))
  }
  app = await start(services.env)
  await eventually(async () => expect(verdictsOf(left.ruleId)).toEqual(['false']))
  await untilCounts(later.sloId, { good: 500, total: 500 })
  expect(verdictsOf(later.ruleId)).toEqual([])
  await open(later.ruleId)
  await announceConfigChange(bed.redis, services.redisPrefix, 'slos')
  await eventually(async () => expect(verdictsOf(later.ruleId)).toEqual(['false']))
  expect(verdictsOf(left.ruleId)).toEqual(['false'])
}, 60_000)

test('neither an SLO that cannot be compiled nor a block that cannot be used holds up the others', async () => {
  const unreadable = { metric: 'x', matchers: [{ label: 'status', op: '=~' as const, value: '(' }] }
  const { sloId: brokenId } = await bed.createSlo('broken', { kind: 'ratio', good: unreadable, total: unreadable })
  bed.store.isPaused = true
  const traffic = new Traffic('beside', wholeMinute(3))
  // Rows without the columns that make them points.
  const poison: Block = { ...emptyBlock(0), tables: new Map([['samples', { name: 'samples', rows: 1, columns: [] }]]) }
  await bed.append(poison)
  await bed.append(traffic.push(wholeMinute(3), 100, 1))
  const { sloId } = await bed.createSlo('beside')
  app = await start(services.env)
  await untilCounts(sloId, { good: 100, total: 101 })
  await bed.append(poison)
  await bed.append(traffic.push(wholeMinute(2), 100, 1))
  await untilCounts(sloId, { good: 200, total: 202 })
  expect(await bed.status(brokenId)).toBeUndefined()
  await bed.prisma.slo.update({ where: { id: brokenId }, data: { archivedAt: new Date() } })
  await bed.skipAll()
  bed.store.isPaused = false
}, 60_000)

test('an SLO on series that no SLO had used gets also what has not reached the store', async () => {
  await bed.createSlo('other')
  app = await start(services.env)
  const traffic = new Traffic('unused', wholeMinute(5))
  await bed.append(traffic.push(wholeMinute(5), 100, 1))
  await bed.untilStored()
  // The announcement of the series has left the stream.
  await bed.stream.trim(0, { tailMs: 0 })
  bed.store.isPaused = true
  await bed.append(traffic.push(wholeMinute(4), 100, 1))
  const { sloId } = await bed.createSlo('unused')
  await untilCounts(sloId, { good: 200, total: 202 })
  bed.store.isPaused = false
}, 60_000)

test('a new SLO over stored data gets its history, and old data that comes later changes it', async () => {
  app = await start(services.env)
  const begin = wholeMinute(40 * 60)
  const traffic = new Traffic('history', begin)
  const pushes = []
  for (let i = 0; i < 38 * 60; i += 2) pushes.push(traffic.push(begin + i * MINUTE + 7000, 60, i % 180 === 0 ? 3 : 0))
  // A stretch of three hours is kept back: its data comes late.
  const late = pushes.splice(600, 90)
  for (const block of pushes) await bed.append(block)
  await bed.untilStored()
  const { sloId } = await bed.createSlo('history')
  // Without the stretch its increase falls to the first push after it: nothing of the total is lost.
  const before = await untilCounts(sloId, traffic.sum())
  expect(before.state).toBe('unmeasured')
  const minutesOf = async () => {
    const query = { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to: Date.now() }
    return (await readSlices(bed.telemetry, query)).map((s) => [s.minute, s.good, s.total])
  }
  await eventually(async () => expect(await minutesOf()).toHaveLength(pushes.length))
  const gapEnd = Math.floor((pushes[600]?.samples.at[0] ?? 0) / MINUTE) * MINUTE
  const burst = (await minutesOf()).find(([minute]) => minute === gapEnd)
  expect(burst?.[2]).toBeGreaterThan(60 * 90)

  for (const block of late) await bed.append(block)
  await eventually(async () => {
    const truth = [...traffic.truth].map(([minute, { good, total }]) => [minute, good, total])
    expect(await minutesOf()).toEqual(truth)
  })
  await untilCounts(sloId, traffic.sum())
}, 90_000)

test('points of one series out of order, twice, and while the store is behind, count once', async () => {
  app = await start(services.env)
  const traffic = new Traffic('shuffled', wholeMinute(10))
  const blocks = Array.from({ length: 30 }, (_, i) => traffic.push(wholeMinute(10) + i * 20_000, 10, i % 3))
  bed.store.isPaused = true
  const { sloId } = await bed.createSlo('shuffled')
  const [first, ...rest] = blocks
  if (!first) throw new Error('no blocks')
  await bed.append(first)
  for (const block of [...rest.toReversed(), ...rest.slice(0, 10)]) await bed.append(block)
  await untilCounts(sloId, traffic.sum())
  bed.store.isPaused = false
  await bed.untilStored()
  const stable = await bed.status(sloId)
  expect(stable).toMatchObject(traffic.sum())
}, 60_000)

test('after a silence of hours an increase is counted from the last point before it, also by a fresh evaluate', async () => {
  const traffic = new Traffic('silence', wholeMinute(300))
  await bed.append(traffic.push(wholeMinute(300), 40, 0))
  await bed.append(traffic.push(wholeMinute(299), 50, 1))
  await bed.untilStored()
  // Only the store remembers the last point now.
  await bed.stream.trim(0, { tailMs: 0 })
  const { sloId } = await bed.createSlo('silence')
  app = await start(services.env)
  await untilCounts(sloId, traffic.sum())
  await bed.append(traffic.push(wholeMinute(2), 60, 2))
  await untilCounts(sloId, traffic.sum())
  await bed.untilStored()
  await app.stop()
  app = await start(services.env)
  await bed.append(traffic.push(wholeMinute(1), 70, 3))
  await untilCounts(sloId, traffic.sum())
}, 60_000)

test('late data that came and was trimmed while no evaluate ran is counted at the next start', async () => {
  const traffic = new Traffic('unfollowed', wholeMinute(400))
  const [first, late, last] = [400, 395, 200].map((ago) => traffic.push(wholeMinute(ago), ago, 1))
  if (!first || !late || !last) throw new Error('no pushes')
  for (const block of [first, last]) await bed.append(block)
  await bed.untilStored()
  const { sloId } = await bed.createSlo('unfollowed')
  const totals = async () => {
    const query = { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to: Date.now() }
    return (await readSlices(bed.telemetry, query)).map((s) => s.total)
  }
  app = await start(services.env)
  await eventually(async () => expect(await totals()).toEqual([401, 395 + 200 + 2]))
  await app.stop()
  await bed.append(late)
  await bed.untilStored()
  await bed.stream.trim(0, { tailMs: 0 })
  app = await start(services.env)
  await eventually(async () => expect(await totals()).toEqual([401, 396, 201]))
}, 60_000)

test('a late point takes its share from the next one, hours later', async () => {
  app = await start(services.env)
  const traffic = new Traffic('share', wholeMinute(600))
  const [first, late, next, last] = [600, 590, 300, 290].map((ago) => traffic.push(wholeMinute(ago), ago, 1))
  if (!first || !late || !next || !last) throw new Error('no pushes')
  for (const block of [first, next, last]) await bed.append(block)
  await bed.untilStored()
  const { sloId } = await bed.createSlo('share')
  await untilCounts(sloId, traffic.sum())
  const totals = async () => {
    const query = { workspace: bed.workspaceNumber, sloId, version: 1, from: 0, to: Date.now() }
    return (await readSlices(bed.telemetry, query)).map((s) => s.total)
  }
  await eventually(async () => expect(await totals()).toEqual([601, 590 + 300 + 2, 291]))
  await bed.append(late)
  await eventually(async () => expect(await totals()).toEqual([601, 591, 301, 291]))
}, 60_000)

test('an availability SLI counts each run once, whoever reports it twice', async () => {
  const { sloId } = await bed.createSlo('uptime', { kind: 'availability', checkId: 'chk_1' })
  app = await start(services.env)
  const run = (agoMinutes: number, ok: boolean, location = 'eu') => ({
    checkId: 'chk_1',
    location,
    runId: `chk_1@${location}@${wholeMinute(agoMinutes)}`,
    scheduledAt: wholeMinute(agoMinutes),
    startedAt: wholeMinute(agoMinutes) + 5,
    durationMs: 12,
    ok,
    statusCode: ok ? 200 : 503,
    error: ok ? '' : 'status 503',
    phases: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, transferMs: null },
  })
  const runs = [run(200, true), run(5, true), run(4, false), run(4, true, 'us'), run(3, true)]
  for (const checkRuns of [runs, runs.slice(2)]) await bed.append({ ...emptyBlock(0, Date.now()), checkRuns })
  await untilCounts(sloId, { good: 4, total: 5 })
}, 60_000)

test('a changed version begins anew from stored data; an archived SLO leaves the board', async () => {
  const traffic = new Traffic('versions', wholeMinute(3 * 60))
  for (let ago = 180; ago >= 1; ago--) await bed.append(traffic.push(wholeMinute(ago), 9, 1))
  await bed.untilStored()
  const { sloId } = await bed.createSlo('versions')
  app = await start(services.env)
  await untilCounts(sloId, traffic.sum())
  await bed.prisma.slo.update({
    where: { id: sloId },
    data: {
      currentVersion: 2,
      versions: {
        create: {
          id: `slv_${sloId}`,
          version: 2,
          sli: {
            kind: 'ratio',
            good: { metric: 'nothing', matchers: [] },
            total: { metric: 'requests_versions', matchers: [] },
          },
          target: 0.9,
          window: { kind: 'rolling', days: 1 },
        },
      },
    },
  })
  await bed.redis.publish(`${services.redisPrefix}:config-changed`, 'slos')
  const changed = await eventually(async () => {
    const status = await bed.status(sloId)
    expect(status?.version).toBe(2)
    return status
  })
  expect(changed).toMatchObject({
    good: 0,
    total: traffic.sum().total,
    target: 0.9,
    window: { kind: 'rolling', days: 1 },
  })
  await bed.prisma.slo.update({ where: { id: sloId }, data: { archivedAt: new Date() } })
  await bed.redis.publish(`${services.redisPrefix}:config-changed`, 'slos')
  await eventually(async () => expect(await bed.status(sloId)).toBeUndefined())
}, 60_000)

test('health: alive and ready', async () => {
  app = await start(services.env)
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
  const ready = await fetch(`${app.url}/readyz`)
  expect(ready.status).toBe(200)
  expect(await ready.json()).toMatchObject({
    status: 'ready',
    stores: { postgres: 'ok', redis: 'ok', clickhouse: 'ok' },
  })
})
