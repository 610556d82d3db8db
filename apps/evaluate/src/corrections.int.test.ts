import type { SloStatus } from '@nines/contracts'
import type { RunningApp } from '@nines/kernel'
import { announceConfigChange } from '@nines/pipeline'
import { createCorrection, revokeCorrection } from '@nines/records'
import { readSlices } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEvaluateBed } from './evaluate-bed.fixture.ts'
import { start } from './index.ts'
import { Traffic } from './traffic.fixture.ts'

const MINUTE = 60_000
const services = await useServices()
const bed = createEvaluateBed(services)
const actor = { id: null, name: 'Ada', via: 'api' }
let app: RunningApp | undefined

beforeAll(() => bed.prepare())
afterAll(async () => {
  await app?.stop()
  await bed.close()
})

const minutesAgo = (minutes: number) => Math.floor(Date.now() / MINUTE) * MINUTE - minutes * MINUTE
const announce = () => announceConfigChange(bed.redis, services.redisPrefix, 'slos')
const untilStatus = (sloId: string, wanted: Partial<SloStatus>): Promise<SloStatus> =>
  vi.waitFor(
    async () => {
      const status = await bed.status(sloId)
      expect(status).toMatchObject(wanted)
      return status as SloStatus
    },
    { timeout: 20_000, interval: 50 },
  )

test('a correction of the past changes status and burns within seconds, revoking it brings them back', async () => {
  const { sloId } = await bed.createSlo('corrected')
  app = await start(services.env)
  const traffic = new Traffic('corrected', minutesAgo(30))
  const outage = { from: minutesAgo(8), to: minutesAgo(4) }
  for (let ago = 30; ago >= 1; ago--) {
    const at = minutesAgo(ago)
    const isOut = at >= outage.from && at < outage.to
    await bed.append(traffic.push(at, isOut ? 0 : 100, isOut ? 100 : 0))
  }
  const measured = await untilStatus(sloId, { state: 'bad', good: 2600, total: 3000 })
  const correct = async (effect: 'exclude' | 'good' | 'count') => {
    const span = { startsAt: new Date(outage.from), endsAt: new Date(outage.to) }
    const once = { rrule: null, timeZone: 'UTC', outside: false, reason: 'load test', serviceId: null }
    const { id } = await createCorrection(bed.prisma, bed.workspaceId, { ...span, ...once, sloId, effect }, actor)
    await announce()
    return id
  }
  const revoke = async (id: string) => {
    await revokeCorrection(bed.prisma, bed.workspaceId, { id, reason: 'mistaken' }, actor)
    await announce()
  }

  const begun = performance.now()
  const exclusion = await correct('exclude')
  const excluded = await untilStatus(sloId, { state: 'good', good: 2600, total: 2600, budgetRemaining: 1 })
  expect(performance.now() - begun).toBeLessThan(5000)
  const burnOf = (status: SloStatus) => status.burns.find((burn) => burn.windowSeconds === 3600)?.burnRate
  expect(burnOf(measured)).toBeGreaterThan(14.4)
  expect(burnOf(excluded)).toBe(0)
  // What is stored is what was measured.
  await vi.waitFor(
    async () => {
      const query = { workspace: bed.workspaceNumber, sloId, version: 1, ...outage }
      const slices = await readSlices(bed.telemetry, query)
      expect(slices.map(({ good, total }) => [good, total])).toEqual(Array.from({ length: 4 }, () => [0, 100]))
    },
    { timeout: 20_000, interval: 100 },
  )

  const forgiveness = await correct('good')
  // Where both apply, excluding goes first.
  await untilStatus(sloId, { good: 2600, total: 2600 })
  await revoke(exclusion)
  await untilStatus(sloId, { good: 3000, total: 3000, budgetRemaining: 1 })
  await revoke(forgiveness)
  await untilStatus(sloId, { state: 'bad', good: 2600, total: 3000 })
  await correct('count')
  await untilStatus(sloId, { state: 'bad', good: 2600, total: 3000 })
}, 90_000)
