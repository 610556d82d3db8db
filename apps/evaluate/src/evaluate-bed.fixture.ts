import { setTimeout as sleep } from 'node:timers/promises'
import type { BurnRateCondition, SliSpec, SloStatus } from '@nines/contracts'
import { createLogger, newId } from '@nines/kernel'
import {
  announceConfigChange,
  connectRedis,
  createBlockStream,
  readSloStatuses,
  startJobWorker,
  type RunningJobWorker,
} from '@nines/pipeline'
import { createPrisma } from '@nines/records'
import { createTelemetry, insertBlocks } from '@nines/telemetry'
import type { OwnServices } from '@nines/testkit'
import type { Block } from '@nines/wire'

export const PAGE: BurnRateCondition = {
  kind: 'burn_rate',
  pairs: [{ longSeconds: 3600, shortSeconds: 300, factor: 14.4 }],
  match: 'any',
  forSeconds: 0,
  resolveAfterSeconds: 60,
  clearBelow: 1,
  minBadEvents: 1,
  significance: null,
}
const SERIES_PREFIX = 'requests_'
type Handlers = Parameters<typeof startJobWorker>[0]['handlers']

/**
 * What evaluate lives between, on real services: a workspace with SLOs, the block stream, and a store. The store is the
 * least that keeps the contract (lease, record, insert, complete), so that a test decides when it lags.
 */
export function createEvaluateBed(services: OwnServices) {
  const { redisUrl, redisPrefix: prefix } = services
  const redis = connectRedis(redisUrl)
  const stream = createBlockStream({ redisUrl, prefix })
  const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
  const prisma = createPrisma(services.databaseUrl)
  const workspaceId = newId('wsp')
  const store = startStore()
  let worker: RunningJobWorker | undefined
  let workspaceNumber = 0
  let serviceId = ''

  function startStore() {
    const state = { isPaused: false, isStopped: false }
    const turn = async () => {
      const entries = await stream.read(0, await stream.storePosition(0))
      const [first, last] = [entries[0], entries.at(-1)]
      if (!first || !last) return
      await stream.acquireLease(0, 'bed', 60_000)
      await stream.openRecord(0, 'bed', { id: first.id, firstId: first.id, lastId: last.id, count: entries.length })
      await insertBlocks(
        telemetry,
        entries.map((entry) => entry.block),
        first.id,
      )
      await stream.completeRecord(0, 'bed', first.id)
    }
    const run = async () => {
      while (!state.isStopped) {
        if (!state.isPaused) await turn()
        await sleep(50)
      }
    }
    return { state, running: run() }
  }

  return {
    redis,
    stream,
    telemetry,
    prisma,
    workspaceId,
    store: store.state,
    get workspaceNumber() {
      return workspaceNumber
    },
    async prepare() {
      const workspace = await prisma.workspace.create({ data: { id: workspaceId, slug: 'bed', name: 'Bed' } })
      workspaceNumber = workspace.number
      const service = await prisma.service.create({
        data: { id: newId('svc'), workspaceId, slug: 'shop', name: 'Shop' },
      })
      serviceId = service.id
    },
    /** An SLO at 99.9 % over two days with one paging rule; by default on the series of Traffic of that name. */
    async createSlo(
      name: string,
      sli: SliSpec = badRatioOf(name),
      windowDays = 2,
      condition = PAGE,
    ): Promise<{ sloId: string; ruleId: string }> {
      const [sloId, ruleId] = [newId('slo'), newId('rule')]
      await prisma.slo.create({
        data: {
          id: sloId,
          workspaceId,
          serviceId,
          slug: name,
          name,
          versions: {
            create: { id: newId('slv'), version: 1, sli, target: 0.999, window: { kind: 'rolling', days: windowDays } },
          },
          rules: { create: { id: ruleId, workspaceId, name: 'page', severity: 'critical', condition } },
        },
      })
      await announceConfigChange(redis, prefix, 'slos')
      return { sloId, ruleId }
    },
    /** Takes what evaluate reports from the queue, until the bed is closed. */
    hear(handlers: Handlers, concurrency = 1) {
      worker = startJobWorker({ redisUrl, prefix, concurrency, logger: createLogger('test', 'silent'), handlers })
    },
    append: (block: Block) => stream.append({ ...block, workspace: workspaceNumber }),
    status: async (sloId: string): Promise<SloStatus | undefined> =>
      (await readSloStatuses(redis, prefix, workspaceId)).get(sloId),
    async untilStored() {
      while ((await stream.storePosition(0)) !== ((await stream.lastId(0)) ?? '0-0')) await sleep(20)
    },
    /** Passes over everything in the stream without storing it, for blocks that no store can take. */
    async skipAll() {
      const entries = await stream.read(0, await stream.storePosition(0))
      const [first, last] = [entries[0], entries.at(-1)]
      if (!first || !last) return
      await stream.acquireLease(0, 'bed', 60_000)
      await stream.openRecord(0, 'bed', { id: first.id, firstId: first.id, lastId: last.id, count: entries.length })
      await stream.completeRecord(0, 'bed', first.id)
      await stream.trim(0, { tailMs: 0 })
    },
    async close() {
      await worker?.stop()
      store.state.isStopped = true
      await store.running
      await stream.close()
      await telemetry.close()
      await prisma.$disconnect()
      redis.disconnect()
    },
  }
}

/** Requests of the named traffic, those with a 5xx status bad. */
export function badRatioOf(name: string): SliSpec {
  const metric = `${SERIES_PREFIX}${name}`
  return {
    kind: 'ratio',
    bad: { metric, matchers: [{ label: 'status', op: '=~', value: '5..' }] },
    total: { metric, matchers: [] },
  }
}

export const metricOf = (name: string) => `${SERIES_PREFIX}${name}`
