import { createBlockStream } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, expect, test } from 'vitest'
import { SilentSeries } from './silent-series.ts'
import { SloShare } from './slo-share.ts'

const services = await useServices()
const stream = createBlockStream({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
afterAll(() => stream.close())

const HOUR = 3_600_000
const selector = { metric: 'requests', matchers: [] }

test('an ended series leaves memory only when the store holds everything of it', async () => {
  let now = Date.now()
  const share = new SloShare('me')
  const definition = {
    id: 'slo_a',
    workspaceId: 'wsp_a',
    workspaceNumber: 1,
    name: 'a',
    version: 1,
    versionCreatedAt: now,
    sli: { kind: 'ratio' as const, good: selector, total: selector },
    target: 0.99,
    window: { kind: 'rolling' as const, days: 30 },
    furtherObjectives: [],
    checkCadence: [],
    corrections: [],
    rules: [],
  }
  const { gained } = share.reconcile([definition], ['me'], now)
  const [tracker] = gained
  if (!tracker) throw new Error('the SLO was not taken up')
  tracker.isReady = true
  const reduction = { temporality: 'cumulative' as const, weigh: () => ({ good: 0, total: 0 }) }
  tracker.take('1', reduction, { at: now, start: 0, counts: [1], bounds: null })
  const id = await stream.append(emptyBlock(1))
  const silent = new SilentSeries()
  const evaluator = { share, stores: { stream }, now: () => now }
  const passHours = async (hours: number) => {
    now += hours * HOUR
    tracker.evaluate(now, { since: 0, until: now })
    await silent.forget(evaluator)
    return tracker.accumulator.hasSeries('1')
  }

  expect(await passHours(0)).toBe(true)
  expect(await passHours(5)).toBe(true)
  await stream.acquireLease(0, 'store', 60_000)
  await stream.openRecord(0, 'store', { id: 'r', firstId: id, lastId: id, count: 1 })
  await stream.completeRecord(0, 'store', 'r')
  expect(await passHours(2)).toBe(false)
  // When it reports again its last point is asked for.
  tracker.take('1', reduction, { at: now, start: 0, counts: [2], bounds: null })
  expect([...tracker.ungrounded.keys()]).toEqual(['1'])
})
