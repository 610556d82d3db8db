import type { CheckRun, Slice } from '@nines/contracts'
import { createTelemetry, insertBlocks, migrateTelemetry } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, expect, test } from 'vitest'
import { measureIncident } from './measure-incident.ts'

const services = await useServices()
const address = { url: services.clickhouseUrl, database: services.clickhouseDatabase }
await migrateTelemetry(address)
const telemetry = createTelemetry(address)
afterAll(() => telemetry.close())

const MINUTE = 60_000
const T0 = Math.floor(Date.now() / MINUTE) * MINUTE - 120 * MINUTE
const at = (minute: number) => T0 + minute * MINUTE
const subject = {
  workspaceNumber: 7,
  openedAt: at(64),
  firedAt: at(64),
  resolvedAt: at(71) - 1,
  slo: { id: 'slo_1', version: 1, target: 0.99, window: { kind: 'rolling' as const, days: 1 } },
  checkIds: ['chk_1', 'chk_2'],
}

/** An hour of good minutes, then ten in which half of a hundred events are bad. */
const slices = Array.from({ length: 70 }, (_, i): Slice => {
  const good = i < 60 ? 100 : 50
  return { sloId: 'slo_1', version: 1, minute: at(i), good, total: 100, expected: 0, revision: 1 }
})
const run = (minute: number, ok: boolean): CheckRun => ({
  checkId: 'chk_1',
  location: 'local',
  runId: `chk_1@local@${at(minute)}`,
  scheduledAt: at(minute),
  startedAt: at(minute),
  durationMs: 5,
  ok,
  statusCode: ok ? 200 : 500,
  error: ok ? '' : 'status 500',
  phases: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, transferMs: null },
})

test('finds the start of the impact, what it cost and what the checks saw', async () => {
  const runs = [run(59, false), run(61, true), run(62, false), run(63, false), run(72, false)]
  await insertBlocks(telemetry, [{ ...emptyBlock(7), slices, checkRuns: runs }], 'measure-incident')
  const measured = await measureIncident(telemetry, subject)
  expect(measured.impactAt).toBe(at(60))
  // 500 bad events; the budget of 7000 events at 99 % is 70.
  expect(measured.budgetSpent).toBeCloseTo(500 / 70, 6)
  expect(measured.checkRuns.get('chk_1')).toEqual({ total: 3, failed: 2, firstFailedAt: at(62) })
  expect(measured.checkRuns.get('chk_2')).toEqual({ total: 0, failed: 0, firstFailedAt: null })
})

test('knows nothing where there is nothing', async () => {
  const unknown = { ...subject, workspaceNumber: 8 }
  expect(await measureIncident(telemetry, unknown)).toMatchObject({ impactAt: null, budgetSpent: null })
  const withoutSlo = { ...subject, slo: null, firedAt: null }
  expect(await measureIncident(telemetry, withoutSlo)).toMatchObject({ impactAt: null, budgetSpent: null })
})
