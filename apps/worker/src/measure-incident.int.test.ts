import type { CheckRun, Slice } from '@nines/contracts'
import { newId } from '@nines/kernel'
import { createPrisma } from '@nines/records'
import { createTelemetry, insertBlocks, migrateTelemetry } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, expect, test } from 'vitest'
import { measureIncident } from './measure-incident.ts'

const services = await useServices()
const address = { url: services.clickhouseUrl, database: services.clickhouseDatabase }
await migrateTelemetry(address)
const telemetry = createTelemetry(address)
const prisma = createPrisma(services.databaseUrl)
afterAll(() => Promise.all([telemetry.close(), prisma.$disconnect()]))

const MINUTE = 60_000
const T0 = Math.floor(Date.now() / MINUTE) * MINUTE - 120 * MINUTE
const at = (minute: number) => T0 + minute * MINUTE
const CHECK = { kind: 'availability' as const, checkId: 'chk_1' }
const subject = {
  workspaceNumber: 7,
  openedAt: at(64),
  firedAt: at(64),
  resolvedAt: at(71) - 1,
  slo: { id: 'slo_1', version: 1, sli: CHECK, target: 0.99, window: { kind: 'rolling' as const, days: 1 } },
  checkIds: ['chk_1', 'chk_2'],
  slos: [
    {
      sloId: 'slo_1',
      sloName: 'Answers',
      version: 1,
      sli: CHECK,
      target: 0.99,
      window: { kind: 'rolling' as const, days: 1 },
      furtherObjectives: [{ target: 0.98, window: { kind: 'rolling' as const, days: 2 } }],
    },
  ],
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

/** An incident of a world of its own with one alert of the SLO that the slices are of. */
async function incidentIn() {
  const workspaceId = newId('wsp')
  const slug = workspaceId.replace('_', '-')
  await prisma.workspace.create({ data: { id: workspaceId, slug, name: 'Test', number: subject.workspaceNumber } })
  const [serviceId, ruleId, incidentId] = ['svc_1', 'rule_1', 'inc_1']
  await prisma.service.create({ data: { id: serviceId, workspaceId, slug: 'shop', name: 'Shop' } })
  await prisma.slo.create({ data: { id: 'slo_1', workspaceId, serviceId, slug: 'slo', name: 'Answers' } })
  const rule = { name: 'page', severity: 'critical', condition: {} } as const
  await prisma.alertRule.create({ data: { id: ruleId, workspaceId, sloId: 'slo_1', ...rule } })
  const times = { openedAt: new Date(subject.openedAt), resolvedAt: new Date(subject.resolvedAt) }
  await prisma.incident.create({
    data: { id: incidentId, workspaceId, serviceId, number: 1, title: 'Down', severity: 'sev1', ...times },
  })
  const said = { state: 'resolved', severity: 'critical', summary: '', verdictAt: 0n, lastVerdict: 'false' } as const
  const firedAt = new Date(subject.firedAt)
  await prisma.alert.create({
    data: { id: 'alt_1', workspaceId, ruleId, incidentId, startedAt: firedAt, firedAt, ...said },
  })
  return { ...subject, workspaceId, serviceId, incidentId }
}

test('finds the start of the impact, what it cost and what the checks saw', async () => {
  const runs = [run(59, false), run(61, true), run(62, false), run(63, false), run(72, false)]
  await insertBlocks(telemetry, [{ ...emptyBlock(7), slices, checkRuns: runs }], 'measure-incident')
  const measured = await measureIncident({ prisma, telemetry }, await incidentIn())
  expect(measured.impactAt).toBe(at(60))
  // 500 bad events; the budget of 7000 events at 99 % is 70, and a day may be out for 864 s.
  expect(measured.budgets).toMatchObject([
    { sloId: 'slo_1', sloName: 'Answers', units: 500_000, badEvents: 500, share: expect.closeTo(500 / 70, 9) },
    { sloId: 'slo_1', objective: 1, target: 0.98, units: 500_000, share: expect.closeTo(500 / 140, 9) },
  ])
  expect(measured.budgets[0]?.outageSeconds).toBeCloseTo((500 / 70) * 864, 6)
  expect(measured.checkRuns.get('chk_1')).toEqual({ total: 3, failed: 2, firstFailedAt: at(62) })
  expect(measured.checkRuns.get('chk_2')).toEqual({ total: 0, failed: 0, firstFailedAt: null })
})

test('knows nothing where there is nothing', async () => {
  const unknown = { ...subject, workspaceNumber: 8, workspaceId: 'wsp_8', serviceId: 'svc_8', incidentId: 'inc_8' }
  const measured = await measureIncident({ prisma, telemetry }, unknown)
  expect(measured).toMatchObject({ impactAt: null, budgets: [] })
  const withoutSlo = { ...unknown, slo: null, firedAt: null, slos: [] }
  expect(await measureIncident({ prisma, telemetry }, withoutSlo)).toMatchObject({ impactAt: null, budgets: [] })
})
