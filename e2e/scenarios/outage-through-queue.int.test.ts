import { setTimeout as sleep } from 'node:timers/promises'
import { evaluateTick, EvaluationPlan, SloTracker, type TickState } from '@nines/app-evaluate'
import { start as startWorker } from '@nines/app-worker'
import { burnRateCondition, isComposite, type BurnRateCondition } from '@nines/contracts'
import { createLogger, newId } from '@nines/kernel'
import { createJobQueue, type JobQueue } from '@nines/pipeline'
import { createPrisma, createService, createSlo, loadSloDefinitions, type PrismaClient } from '@nines/records'
import { defaultBurnRateRules, MINUTE_MS } from '@nines/slo'
import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { PushedCounters } from './simulation/pushed-counters.ts'

/**
 * The part of the outage table that takes minutes, through everything that stands between a verdict and its alert: the tick of
 * evaluate, the queue in Redis, the worker's jobs, and the rows in PostgreSQL. Only the clocks are simulated: evaluate is
 * told the time as always, and PostgreSQL's is shadowed by a function of the same name.
 */
const TARGET = 0.999
const WINDOW = { kind: 'rolling' as const, days: 30 }
const TICK_MS = 1000
const EVENTS_PER_SECOND = 50_000
const START = Date.UTC(2026, 4, 4)
const BEGIN = START + 7 * 60 * MINUTE_MS
const END = BEGIN + 10 * MINUTE_MS
/** Until the fast pair has cleared and its alert is resolved; the slow one needs half an hour of more of the same. */
const LAST = END + 7 * MINUTE_MS

const services = await useServices()
const prisma = createPrisma(services.databaseUrl)
const queue = createJobQueue({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
afterAll(() => Promise.all([prisma.$disconnect(), queue.close()]))

test(
  'a total outage: rows of alerts fire and resolve within one evaluation of the analytic instants',
  { timeout: 240_000 },
  async () => {
    const clock = await shadowClock(services.databaseUrl)
    const worker = await startWorker(services.env)
    try {
      const [fast, slow] = defaultBurnRateRules({ target: TARGET, window: WINDOW })[0]?.condition.pairs ?? []
      if (!fast || !slow) throw new Error('the rule that pages has two pairs')
      const guarded = defaultBurnRateRules({ target: TARGET, window: WINDOW })[0]?.condition
      const rules = await sloWith([
        burnRateCondition.parse({ ...guarded, pairs: [fast] }),
        burnRateCondition.parse({ kind: 'burn_rate', pairs: [slow] }),
      ])
      const tracker = await trackerOf()
      await simulate(tracker, clock)

      for (const { id, condition } of rules) {
        const alerts = await prisma.alert.findMany({ where: { ruleId: id } })
        const [pair] = condition.pairs
        const isFast = pair?.longSeconds === fast.longSeconds
        expect(alerts.map(({ state }) => state)).toEqual([isFast ? 'resolved' : 'firing'])
        const badShare = (pair?.factor ?? NaN) * (1 - TARGET)
        const fires = badShare * (pair?.longSeconds ?? NaN)
        const clears = (pair?.shortSeconds ?? NaN) * (1 - condition.clearBelow * badShare)
        within(secondsFrom(BEGIN, alerts[0]?.firedAt), fires)
        if (!isFast) continue
        // The false verdict comes within one evaluation, and the timer is looked at once a simulated second.
        within(secondsFrom(END, alerts[0]?.resolvedAt), clears + condition.resolveAfterSeconds, 2)
      }
    } finally {
      await worker.stop()
    }
  },
)

function within(seconds: number, analytic: number, ticks = 1): void {
  expect(seconds).toBeGreaterThanOrEqual(analytic - 1e-6)
  expect(seconds).toBeLessThanOrEqual(analytic + (ticks * TICK_MS) / 1000 + 1e-6)
}
const secondsFrom = (from: number, at: Date | null | undefined) => ((at?.getTime() ?? NaN) - from) / 1000

interface Clock {
  set(at: number): Promise<void>
}

/** PostgreSQL's clock as new connections see it: a schema before pg_catalog has functions of the same names. */
async function shadowClock(databaseUrl: string): Promise<Clock> {
  const name = new URL(databaseUrl).pathname.slice(1)
  for (const sql of [
    'create schema sim',
    'create table sim.clock (at timestamptz not null)',
    `insert into sim.clock values (to_timestamp(${BEGIN / 1000}))`,
    `create function sim.clock_timestamp() returns timestamptz language sql volatile as 'select at from sim.clock'`,
    `create function sim.now() returns timestamptz language sql volatile as 'select at from sim.clock'`,
    `alter database "${name}" set search_path = sim, public, pg_catalog`,
  ])
    await prisma.$executeRawUnsafe(sql)
  return {
    async set(at) {
      await prisma.$executeRaw`update sim.clock set at = to_timestamp(${at / 1000}::double precision)`
    },
  }
}

/** An SLO whose only rules have these conditions; nobody is paged, which is another test's business. */
async function sloWith(conditions: BurnRateCondition[]): Promise<{ id: string; condition: BurnRateCondition }[]> {
  const workspaceId = newId('wsp')
  await prisma.workspace.create({ data: { id: workspaceId, slug: 'outage', name: 'Outage' } })
  const nobody = { description: '', tier: 1, teamId: null, runbookUrl: null, escalationPolicyId: null } as const
  const service = await createService(prisma, workspaceId, { slug: 'shop', name: 'Shop', ...nobody })
  const sli = { kind: 'ratio' as const, bad: { metric: 'bad', matchers: [] }, total: { metric: 'total', matchers: [] } }
  const slo = await createSlo(
    prisma,
    workspaceId,
    {
      slug: 'answers',
      name: 'Answers',
      description: '',
      serviceId: service.id,
      sli,
      target: TARGET,
      window: WINDOW,
      furtherObjectives: [],
    },
    null,
  )
  const rules = slo.rules.slice(0, conditions.length)
  await prisma.alertRule.updateMany({ where: { sloId: slo.id }, data: { enabled: false } })
  for (const [i, { id }] of rules.entries())
    await prisma.alertRule.update({ where: { id }, data: { condition: { ...conditions[i] }, enabled: true } })
  return rules.map(({ id }, i) => ({ id, condition: conditions[i] as BurnRateCondition }))
}

async function trackerOf(): Promise<SloTracker> {
  const [definition] = await loadSloDefinitions(prisma)
  if (!definition || isComposite(definition.sli)) throw new Error('there is no SLO')
  const tracker = new SloTracker({ ...definition, sli: definition.sli }, START)
  tracker.isReady = true
  return tracker
}

/** Seven healthy hours, the outage, and some minutes after it, an evaluation a second. */
async function simulate(tracker: SloTracker, clock: Clock): Promise<void> {
  let now = START
  const counters = new PushedCounters(tracker, START)
  let hasSaid = false
  const plan = new EvaluationPlan()
  plan.add(tracker)
  const state: TickState = {
    logger: createLogger('simulation', 'silent'),
    now: () => now,
    heard: () => ({ since: START, until: now }),
    mayAct: true,
    share: { plan },
    publisher: { publish: async () => {} },
    stores: {
      jobs: {
        async enqueue(name, payload) {
          // PostgreSQL's clock stands at the instant of the verdict before the job runs that carries it.
          if (!hasSaid) await clock.set(now)
          hasSaid = true
          await queue.enqueue(name, payload)
        },
      },
    },
  }
  let dueAt = Infinity
  for (let at = START; at < BEGIN; at += MINUTE_MS) counters.push(at + MINUTE_MS - 1, 0, 60 * EVENTS_PER_SECOND)
  for (now = BEGIN; now <= LAST; now += TICK_MS) {
    if (now > BEGIN) counters.push(now - 1, now <= END ? EVENTS_PER_SECOND : 0, EVENTS_PER_SECOND)
    hasSaid = false
    if (dueAt <= now) {
      await clock.set(now)
      dueAt = await wake(now)
    }
    await evaluateTick(state)
    if (!hasSaid) continue
    await settled(queue)
    dueAt = await nextDue(prisma)
  }
}

/** What the sweeper does with alerts that are due: here each simulated second, for its own seconds are real ones. */
async function wake(now: number): Promise<number> {
  const due = await prisma.alert.findMany({ where: { dueAt: { lte: new Date(now) } } })
  for (const { id, workspaceId } of due) await queue.enqueue('wakeAlert', { workspaceId, alertId: id })
  await settled(queue)
  return nextDue(prisma)
}

async function nextDue(db: PrismaClient): Promise<number> {
  const next = await db.alert.findFirst({ where: { dueAt: { not: null } }, orderBy: { dueAt: 'asc' } })
  return next?.dueAt?.getTime() ?? Infinity
}

/** Waits until the jobs that move alerts were done. */
async function settled(jobs: JobQueue): Promise<void> {
  for (;;) {
    const { advanceAlert, wakeAlert } = await jobs.counts()
    if (advanceAlert.waiting + advanceAlert.active + wakeAlert.waiting + wakeAlert.active === 0) return
    await sleep(3)
  }
}
