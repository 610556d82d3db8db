import { setTimeout as sleep } from 'node:timers/promises'
import type { SloTracker } from '@nines/app-evaluate'
import { newId, NinesError } from '@nines/kernel'
import {
  announceConfigChange,
  connectRedis,
  readSloStandings,
  readSloStatuses,
  writeSloStatuses,
} from '@nines/pipeline'
import { defaultAlertRules } from '@nines/slo'
import type { NinesTarget } from '../targets/nines.ts'
import { EVALUATED_METRIC, evaluatedName } from './evaluation-load.ts'

const ROWS_PER_INSERT = 1_000
const SERVICES = 20
const TARGET = 0.999
const STATUSES_PER_COMMAND = 250
const READY_DEADLINE_MS = 1_800_000
const POLL_MS = 1_000
/** Without new data a status is written again within this time. */
const SAID_WITHIN_MS = 45_000

type Evaluated = ReturnType<SloTracker['evaluate']>
type SloStatus = NonNullable<Evaluated['status']>

export interface PretendedAlerts {
  count: number
  evidence: Evaluated['results'][number]['evidence'] | undefined
}

/** The SLOs of the load, in its order, and what evaluation says of them. */
export class EvaluatedSlos {
  readonly #target: NinesTarget['evaluation']
  /** In the order of the load. */
  readonly ids: string[] = []
  /** Of each SLO the rule that pages. */
  readonly pageRules: string[] = []
  #workspaceId = ''
  /** Which rows of telemetry carry. */
  workspaceNumber = 0

  constructor({ evaluation }: NinesTarget) {
    this.#target = evaluation
  }

  /** Writes so many SLOs with their default rules into PostgreSQL as the API would, a thousand at once. */
  async create(count: number, windowDays: number): Promise<void> {
    const { createPrisma } = await import('@nines/records')
    const prisma = createPrisma(this.#target.databaseUrl, { maxConnections: 1 })
    try {
      const workspace = await prisma.workspace.findFirstOrThrow()
      this.#workspaceId = workspace.id
      this.workspaceNumber = workspace.number
      const services = Array.from({ length: SERVICES }, (_, i) => ({
        id: newId('svc'),
        workspaceId: workspace.id,
        slug: `service-${i}`,
        name: `Service ${i}`,
      }))
      await prisma.service.createMany({ data: services })
      for (let from = 0; from < count; from += ROWS_PER_INSERT) {
        const length = Math.min(ROWS_PER_INSERT, count - from)
        const rows = Array.from({ length }, (_, i) =>
          rowsOf(from + i, workspace.id, services[(from + i) % SERVICES]?.id ?? '', windowDays),
        )
        await prisma.slo.createMany({ data: rows.map(({ slo }) => slo) })
        await prisma.sloVersion.createMany({ data: rows.map(({ version }) => version) })
        await prisma.alertRule.createMany({ data: rows.flatMap(({ rules }) => rules) })
        this.ids.push(...rows.map(({ slo }) => slo.id))
        const rules = rows.flatMap((row) => row.rules)
        this.pageRules.push(...rules.flatMap(({ id, severity }) => (severity === 'critical' ? [id] : [])))
      }
    } finally {
      await prisma.$disconnect()
    }
    await this.#withRedis((redis) => announceConfigChange(redis, this.#target.redisPrefix, 'slos'))
  }

  /** Statuses in the order of the SLOs; undefined where there is none yet. */
  async statuses() {
    const board = await this.#withRedis((redis) => readSloStatuses(redis, this.#target.redisPrefix, this.#workspaceId))
    return this.ids.map((id) => board.get(id))
  }

  /** Puts a status of each on the board, as evaluation would, and opens alerts of some, as the worker would. */
  async pretend(statusOf: (sloId: string, index: number) => SloStatus, alert: PretendedAlerts): Promise<void> {
    await this.#withRedis(async (redis) => {
      for (let i = 0; i < this.ids.length; i += STATUSES_PER_COMMAND) {
        const some = this.ids.slice(i, i + STATUSES_PER_COMMAND).map((id, n) => statusOf(id, i + n))
        await writeSloStatuses(redis, this.#target.redisPrefix, this.#workspaceId, some)
      }
    })
    const { createPrisma, Prisma } = await import('@nines/records')
    const prisma = createPrisma(this.#target.databaseUrl, { maxConnections: 1 })
    const { count, evidence } = alert
    const now = new Date()
    try {
      const rules = await prisma.alertRule.findMany({ where: { severity: 'critical' }, take: count })
      const rows = rules.map(({ id: ruleId, workspaceId, severity }) => ({
        id: newId('alt'),
        workspaceId,
        ruleId,
        state: 'firing' as const,
        severity,
        summary: 'Burns 20 times its budget',
        openKey: ruleId,
        verdictAt: BigInt(now.getTime()),
        lastVerdict: 'true',
        evidence: evidence ?? Prisma.DbNull,
        firedEvidence: evidence ?? Prisma.DbNull,
        silencedBy: [],
        startedAt: now,
        firedAt: now,
      }))
      await prisma.alert.createMany({ data: rows })
    } finally {
      await prisma.$disconnect()
    }
  }

  /** When every SLO had a status, by the monotonic clock. */
  async untilEvaluated(): Promise<number> {
    const deadline = performance.now() + READY_DEADLINE_MS
    for (;;) {
      await sleep(POLL_MS)
      const known = await this.#withRedis((redis) =>
        readSloStandings(redis, this.#target.redisPrefix, this.#workspaceId),
      )
      const missing = this.ids.filter((id) => !known.has(id)).length
      if (missing === 0) return performance.now()
      if (performance.now() > deadline)
        throw new NinesError('unavailable', `${missing} SLOs were not evaluated in time`)
    }
  }

  /** Returns once each SLO has counted so many events, and throws when one has not in time. */
  async untilExact(totals: Float64Array): Promise<void> {
    const deadline = performance.now() + SAID_WITHIN_MS
    for (;;) {
      const wrong = (await this.statuses()).flatMap((status, slo) =>
        status?.total === totals[slo] ? [] : [`SLO ${slo} counted ${status?.total} events, ${totals[slo]} were sent`],
      )
      if (wrong.length === 0) return
      if (performance.now() > deadline) throw new NinesError('internal', `${wrong.length} SLOs are wrong: ${wrong[0]}`)
      await sleep(POLL_MS)
    }
  }

  async #withRedis<T>(use: (redis: ReturnType<typeof connectRedis>) => Promise<T>): Promise<T> {
    const redis = connectRedis(this.#target.redisUrl)
    try {
      return await use(redis)
    } finally {
      redis.disconnect()
    }
  }
}

function rowsOf(index: number, workspaceId: string, serviceId: string, days: number) {
  const name = evaluatedName(index)
  const sloId = newId('slo')
  const own = { label: 'slo', op: '=' as const, value: name }
  const window = { kind: 'rolling' as const, days }
  const sli = {
    kind: 'ratio' as const,
    bad: { metric: EVALUATED_METRIC, matchers: [{ label: 'status', op: '=' as const, value: '500' }, own] },
    total: { metric: EVALUATED_METRIC, matchers: [own] },
  }
  return {
    slo: { id: sloId, workspaceId, serviceId, slug: name, name },
    version: { id: newId('slv'), sloId, version: 1, sli, target: TARGET, window },
    rules: defaultAlertRules({ target: TARGET, window }).map((rule) => ({
      id: newId('rule'),
      workspaceId,
      sloId,
      ...rule,
    })),
  }
}
