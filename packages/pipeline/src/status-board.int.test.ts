import type { SloStatus } from '@nines/contracts'
import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { connectRedis } from './redis-connection.ts'
import {
  readSloStandings,
  readSloStatus,
  readSloStatuses,
  removeSloStatuses,
  standingOf,
  writeSloStatuses,
} from './status-board.ts'

const services = await useServices()
const redis = connectRedis(services.redisUrl)
afterAll(() => redis.disconnect())

const status = (sloId: string, at: number): SloStatus => ({
  sloId,
  version: 1,
  at,
  state: 'good',
  good: 999.5,
  total: 1000,
  sli: 0.9995,
  target: 0.999,
  window: { kind: 'rolling', days: 30 },
  from: 0,
  to: 0,
  budgetRemainingToDate: 1,
  furtherObjectives: [],
  budgetRemaining: 0.5000000000000001,
  burns: [{ windowSeconds: 300, good: 0, total: 0, burnRate: null }],
  exhaustionSeconds: null,
  lastEventAt: at - 1,
})

test('a newer status replaces the older one, unrounded, and workspaces do not see each other', async () => {
  const write = (workspace: string, statuses: SloStatus[]) =>
    writeSloStatuses(redis, services.redisPrefix, workspace, statuses)
  await write('wsp_a', [status('slo_1', 1000), status('slo_2', 1000)])
  await write('wsp_a', [status('slo_1', 2000)])
  await write('wsp_b', [])
  const board = await readSloStatuses(redis, services.redisPrefix, 'wsp_a')
  expect(board).toEqual(
    new Map([
      ['slo_1', status('slo_1', 2000)],
      ['slo_2', status('slo_2', 1000)],
    ]),
  )
  expect(await readSloStatuses(redis, services.redisPrefix, 'wsp_b')).toEqual(new Map())
})

test('an entry that cannot be read is left out; a removed one is gone', async () => {
  await writeSloStatuses(redis, services.redisPrefix, 'wsp_c', [status('slo_1', 1), status('slo_2', 1)])
  await redis.hset(`${services.redisPrefix}:slo-status:wsp_c`, 'slo_3', '{"sloId":', 'slo_4', '{}')
  await removeSloStatuses(redis, services.redisPrefix, 'wsp_c', ['slo_2'])
  expect([...(await readSloStatuses(redis, services.redisPrefix, 'wsp_c')).keys()]).toEqual(['slo_1'])
  const one = (sloId: string) => readSloStatus(redis, services.redisPrefix, 'wsp_c', sloId)
  expect([await one('slo_1'), await one('slo_2'), await one('slo_3')]).toEqual([status('slo_1', 1), null, null])
})

test('how SLOs stand is told beside their statuses, as exactly, and goes with them', async () => {
  const burning = {
    ...status('slo_2', 2),
    burns: [{ windowSeconds: 3600, good: 1, total: 3, burnRate: 2 / 3 / 0.001 }],
  }
  await writeSloStatuses(redis, services.redisPrefix, 'wsp_d', [status('slo_1', 1), burning, status('slo_3', 1)])
  await removeSloStatuses(redis, services.redisPrefix, 'wsp_d', ['slo_3'])
  const board = `${services.redisPrefix}:slo-standing:wsp_d`
  await redis.hset(board, 'slo_4', '["good"', 'slo_5', '["fine",1,1,1,1,1]', 'slo_6', '["good",1,1,1,1,"1"]')
  expect(await readSloStandings(redis, services.redisPrefix, 'wsp_d')).toEqual(
    new Map([
      ['slo_1', { ...standingOf(status('slo_1', 1)), burn1h: null, lastEventAt: 0 }],
      ['slo_2', { ...standingOf(burning), burn1h: burning.burns[0]?.burnRate }],
    ]),
  )
})
