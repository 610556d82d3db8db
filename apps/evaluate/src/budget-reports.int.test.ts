import type { AdvanceBudgetPayload } from '@nines/contracts'
import type { RunningApp } from '@nines/kernel'
import { announceConfigChange } from '@nines/pipeline'
import { applyBudgetReading, createBudgetPolicy } from '@nines/records'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEvaluateBed } from './evaluate-bed.fixture.ts'
import { start } from './index.ts'
import { Traffic } from './traffic.fixture.ts'

const MINUTE = 60_000
const services = await useServices()
const bed = createEvaluateBed(services)
const reports: AdvanceBudgetPayload[] = []
const settings = { publicUrl: 'http://nines.test', secretKey: services.env.NINES_SECRET_KEY ?? '' }
const crossings: string[] = []
let app: RunningApp | undefined
/** Jobs that the queue loses, as when Redis is emptied. */
let toLose = 0

beforeAll(async () => {
  await bed.prepare()
  bed.hear({
    advanceBudget: async (payload) => {
      reports.push(payload)
      if (toLose-- > 0) return
      const outcome = await applyBudgetReading(bed.prisma, payload, settings)
      crossings.push(...outcome.crossings.map(({ kind, budgetLeftBelow }) => `${kind} ${budgetLeftBelow}`))
    },
  })
})
afterAll(async () => {
  await app?.stop()
  await bed.close()
})

const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 100 })
const wholeMinute = (agoMinutes: number) => Math.floor(Date.now() / MINUTE) * MINUTE - agoMinutes * MINUTE

test('crossings are reported until they are on record, and then no more; a report that was lost is made again', async () => {
  const { sloId } = await bed.createSlo('budget')
  const change = { actor: { id: null, name: 'Ada', via: 'web' }, settings }
  const step = (budgetLeftBelow: number) => ({ budgetLeftBelow, actions: [{ kind: 'freeze' as const }] })
  const policy = { name: 'Shop', description: '', margin: 0.05, onUnknown: 'allow' as const }
  const slos = [{ id: sloId, objective: 0 }]
  await createBudgetPolicy(bed.prisma, bed.workspaceId, { ...policy, steps: [step(0.5), step(0)], slos }, change)
  app = await start(services.env)
  await announceConfigChange(bed.redis, services.redisPrefix, 'slos')
  const traffic = new Traffic('budget', wholeMinute(5))
  toLose = 1
  // 0.999 of 10,006 events allow ten bad ones: six of them leave 0.4 of the budget.
  await bed.append(traffic.push(wholeMinute(5), 10_000, 6))
  await until(() => expect(crossings).toEqual(['entered 0.5']))
  expect(reports.length).toBeGreaterThanOrEqual(2)
  expect(reports[0]).toMatchObject({
    sloId,
    version: 1,
    isMeasured: true,
    objectives: [{ objective: 0, target: 0.999 }],
  })
  expect(reports[0]?.objectives[0]?.budgetRemaining).toBeCloseTo(1 - 6 / 10_006 / 0.001, 6)

  await bed.append(traffic.push(Date.now(), 0, 20))
  await until(() => expect(crossings).toEqual(['entered 0.5', 'entered 0']))
  const said = reports.length
  await new Promise((resolve) => setTimeout(resolve, 12_000))
  expect(reports.length).toBeLessThanOrEqual(said + 1)
  expect(crossings).toHaveLength(2)

  // Two hundred times the traffic, and the twenty-six are little.
  await bed.append(traffic.push(Date.now(), 2_000_000, 0))
  await until(() => expect(crossings.slice(2).toSorted()).toEqual(['left 0', 'left 0.5']))
}, 150_000)
