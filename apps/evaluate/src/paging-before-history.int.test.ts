import { newId } from '@nines/kernel'
import { applyAlertEvent, applyVerdict } from '@nines/records'
import { createTelemetry, insertBlocks, readSlices } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { emptyBlock, type Block } from '@nines/wire'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEvaluateBed, PAGE } from './evaluate-bed.fixture.ts'
import { openStores, start } from './start.ts'
import { Traffic } from './traffic.fixture.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAYS = 30
/** Behind the clock, so that every minute that is reported is over. */
const LAG = 8 * MINUTE
const services = await useServices()
const bed = createEvaluateBed(services)
const now = Math.floor(Date.now() / MINUTE) * MINUTE
const settings = { publicUrl: 'http://localhost', secretKey: services.env.NINES_SECRET_KEY ?? '' }
/** What is read of slices that are older than a night waits for this. */
const { promise: isOpen, resolve: openHistory } = Promise.withResolvers<void>()
let isHistoryWanted = false
let evaluate: Awaited<ReturnType<typeof start>> | undefined

beforeAll(() => bed.prepare())
afterAll(async () => {
  openHistory()
  await evaluate?.stop()
  await bed.close()
})

/** Evaluate as it is, but that the store holds old slices back. */
function startHeldBack() {
  return start({ ...services.env, NINES_REPLICA_ID: 'heir', NINES_EVALUATE_PORT: '0' }, (config, onError) => {
    const telemetry = createTelemetry({ url: config.CLICKHOUSE_URL, database: config.CLICKHOUSE_DATABASE })
    const columns = telemetry.columns.bind(telemetry)
    telemetry.columns = async (...asked) => {
      const [sql, parameters] = asked
      if (sql.includes('FROM slices') && Number(parameters?.from) < now - 12 * HOUR) {
        isHistoryWanted = true
        await isOpen
      }
      return columns(...asked)
    }
    return { ...openStores(config, onError), telemetry }
  })
}

/** What a former owner persisted: a minute in five, until it died. */
async function persistHistory(sloId: string, until: number): Promise<number> {
  const from = now - DAYS * 24 * HOUR + HOUR
  const length = Math.floor((until - from) / (5 * MINUTE))
  const slices = Array.from({ length }, (_, i) => {
    const minute = from + i * 5 * MINUTE
    return { sloId, version: 1, minute, good: 1_000, total: 1_000, expected: 0, revision: minute + 95_000 }
  })
  await insertBlocks(bed.telemetry, [{ ...emptyBlock(bed.workspaceNumber), slices }], sloId)
  return length
}

const alertsOf = (ruleId: string) =>
  bed.prisma.alert.findMany({ where: { ruleId }, select: { state: true, evidence: true } })
const statesOf = async (ruleId: string) => (await alertsOf(ruleId)).map(({ state }) => state)
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 40_000, interval: 50 })

test('an outage that goes on during a takeover pages while the window is still being read, and ends as usual', async () => {
  bed.hear({
    advanceAlert: async (payload) => void (await applyVerdict(bed.prisma, payload, settings)),
    wakeAlert: async ({ workspaceId, alertId }) =>
      void (await applyAlertEvent(bed.prisma, { workspaceId, alertId, event: 'timer' }, settings)),
  })
  const [down, sound] = await Promise.all(
    ['down', 'sound'].map(async (name) => {
      const condition = { ...PAGE, resolveAfterSeconds: 0 }
      const slo = await bed.createSlo(name, undefined, DAYS, condition)
      // Four days: nobody knows before all of them are there.
      const pairs = [{ longSeconds: 4 * 86_400, shortSeconds: 3600, factor: 1 }]
      const slowRuleId = newId('rule')
      await bed.prisma.alertRule.create({
        data: {
          id: slowRuleId,
          workspaceId: bed.workspaceId,
          sloId: slo.sloId,
          name: 'slow',
          severity: 'warning',
          condition: { ...condition, pairs },
        },
      })
      const traffic = new Traffic(name, now - 3 * HOUR)
      return { ...slo, slowRuleId, traffic }
    }),
  )
  if (!down || !sound) throw new Error('two SLOs were made')
  const diedAt = now - LAG - 20 * MINUTE
  // No hour holds both these and points: an hour that is counted anew goes by the points alone.
  const historyEnd = Math.floor((now - 3 * HOUR) / HOUR) * HOUR
  const persisted = await persistHistory(down.sloId, historyEnd)
  await persistHistory(sound.sloId, historyEnd)
  const pushes: Block[] = []
  for (let at = now - 3 * HOUR; at <= now - LAG; at += MINUTE) {
    const isDown = at > diedAt
    pushes.push(down.traffic.push(at, isDown ? 0 : 1_000, isDown ? 1_000 : 0), sound.traffic.push(at, 1_000, 0))
  }
  for (const push of pushes) await bed.append(push)
  await bed.untilStored()
  const ownedSlices = [...down.traffic.truth].filter(([minute]) => minute < diedAt)
  const slices = [down, sound].flatMap(({ sloId }) =>
    ownedSlices.map(([minute]) => {
      return { sloId, version: 1, minute, good: 1_000, total: 1_000, expected: 0, revision: minute + 95_000 }
    }),
  )
  await insertBlocks(bed.telemetry, [{ ...emptyBlock(bed.workspaceNumber), slices }], 'last-words')

  evaluate = await startHeldBack()
  await eventually(async () => expect(await statesOf(down.ruleId)).toEqual(['firing']))
  await eventually(async () => expect(isHistoryWanted).toBe(true))
  const [alert] = await alertsOf(down.ruleId)
  expect(alert?.evidence).toMatchObject({ kind: 'burn_rate', budgetRemaining: null, pairs: [{ verdict: 'true' }] })
  // Nothing else is known: no figures of the whole, no verdict over days, and nothing persisted out of turn.
  expect([await bed.status(down.sloId), await bed.status(sound.sloId)]).toEqual([undefined, undefined])
  expect(await statesOf(down.slowRuleId)).toEqual([])
  const stored = () =>
    readSlices(bed.telemetry, { workspace: bed.workspaceNumber, sloId: down.sloId, version: 1, from: diedAt, to: now })
  await bed.untilStored()
  expect(await stored()).toEqual([])

  openHistory()
  const { good, total } = down.traffic.sum()
  const old = persisted * 1_000
  await eventually(async () =>
    expect(await bed.status(down.sloId)).toMatchObject({ state: 'bad', good: good + old, total: total + old }),
  )
  await eventually(async () =>
    expect(await bed.status(sound.sloId)).toMatchObject({ state: 'good', budgetRemaining: 1 }),
  )
  await eventually(async () => expect(await statesOf(down.slowRuleId)).toEqual(['firing']))
  const truth = [...down.traffic.truth].filter(([minute]) => minute >= diedAt)
  await eventually(async () =>
    expect((await stored()).map((slice) => [slice.minute, { good: slice.good, total: slice.total }])).toEqual(truth),
  )

  // Beyond the short window everything is well again.
  await bed.append(down.traffic.push(now - MINUTE - 30_000, 1_000, 0))
  await eventually(async () => expect(await statesOf(down.ruleId)).toEqual(['resolved']))
  expect([await statesOf(sound.ruleId), await statesOf(sound.slowRuleId)]).toEqual([[], []])
}, 60_000)
