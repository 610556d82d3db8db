import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createLogger,
  decryptSecret,
  messageOf,
  port,
  readConfig,
  secretConfig,
  storeConfig,
  type StartApp,
} from '@nines/kernel'
import { announceConfigChange } from '@nines/pipeline'
import { createPrisma, type PrismaClient } from '@nines/records'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { createDemoServer } from './demo-server.ts'
import { pastTroubles } from './history/past-troubles.ts'
import { sendHistory } from './history/send-history.ts'
import { ensureDemoRecords } from './records/demo-records.ts'
import { ensureDemoSlos } from './records/demo-slos.ts'
import { ensureBudgetPolicy } from './records/ensure-budget-policy.ts'
import { ensurePastChanges, ensurePastMaintenance } from './records/ensure-past-changes.ts'
import { ensurePastIncident } from './records/ensure-past-incident.ts'
import { Faults } from './shop/faults.ts'
import { startLoadGenerator, type LoadGenerator } from './shop/load-generator.ts'
import { startShop, type Shop } from './shop/shop.ts'

const demoConfig = storeConfig.pick({ DATABASE_URL: true, REDIS_URL: true, NINES_REDIS_PREFIX: true }).extend({
  ...secretConfig.shape,
  NINES_INGEST_URL: z.url(),
  NINES_INGEST_KEY: z.string().min(1),
  NINES_PUBLIC_URL: z.url(),
  NINES_DATA_DIR: z.string().min(1),
  NINES_PROBE_LOCATION: z.string().default('local'),
  NINES_DEMO_PORT: port(8090),
  NINES_DEMO_SHOP_PORT: port(8091),
})
type DemoConfig = z.infer<typeof demoConfig>

/**
 * The demonstration: a shop of three services under load, a month of its past, SLOs, people on call, and an inbox for
 * their pages. It speaks to Nines as any user would: OTLP into ingest, records like those the API makes.
 */
export const start: StartApp = async (env) => {
  const config = readConfig(demoConfig, env)
  const logger = createLogger('demo')
  const prisma = createPrisma(config.DATABASE_URL, { maxConnections: 2 })
  const faults = new Faults()
  let notReady: string | null = 'starting'
  let channelId = ''
  const server = createDemoServer({
    faults,
    dashboardUrl: config.NINES_PUBLIC_URL,
    notReady: () => notReady,
    channelSecrets: () => channelSecrets(prisma, channelId, config.NINES_SECRET_KEY),
  })
  const url = await server.listen({ host: '127.0.0.1', port: config.NINES_DEMO_PORT })
  const stopping = new AbortController()
  const life = new DemoLife(config, prisma, faults)
  const starting = life
    .begin(url, stopping.signal, (id) => (channelId = id))
    .then(() => (notReady = null))
    .catch((error: unknown) => {
      notReady = messageOf(error)
      if (!stopping.signal.aborted) logger.error({ reason: notReady }, 'the demonstration did not start')
    })
  return {
    name: 'demo',
    url,
    stop: async () => {
      stopping.abort()
      await starting
      await life.end()
      await server.close()
      await prisma.$disconnect()
    },
  }
}

/** The shop and everything that makes it look lived in. */
class DemoLife {
  readonly #config: DemoConfig
  readonly #prisma: PrismaClient
  readonly #faults: Faults
  #shop: Shop | undefined
  #load: LoadGenerator | undefined

  constructor(config: DemoConfig, prisma: PrismaClient, faults: Faults) {
    this.#config = config
    this.#prisma = prisma
    this.#faults = faults
  }

  async begin(demoUrl: string, signal: AbortSignal, onChannel: (id: string) => void): Promise<void> {
    const config = this.#config
    const ingest = { ingestUrl: config.NINES_INGEST_URL.replace(/\/+$/, ''), ingestKey: config.NINES_INGEST_KEY }
    this.#shop = await startShop({ ...ingest, faults: this.#faults, frontendPort: config.NINES_DEMO_SHOP_PORT })
    const { frontendUrl } = this.#shop
    const records = await ensureDemoRecords({
      prisma: this.#prisma,
      secretKey: config.NINES_SECRET_KEY,
      frontendUrl,
      demoUrl,
    })
    onChannel(records.channelId)
    await rememberUrl(config.NINES_DATA_DIR, demoUrl)
    // The past first: an SLO that finds its whole history counts it in one go.
    const endAt = await sendHistory({
      ...ingest,
      stateFile: join(config.NINES_DATA_DIR, 'demo', 'history.json'),
      check: {
        id: records.checkId,
        location: config.NINES_PROBE_LOCATION,
        intervalSeconds: records.checkIntervalSeconds,
      },
      signal,
    })
    this.#load = startLoadGenerator(frontendUrl)
    await ensureDemoSlos(this.#prisma, records)
    const [trouble] = pastTroubles(endAt)
    if (trouble) await ensurePastIncident(this.#prisma, records, trouble)
    await ensurePastChanges(this.#prisma, records.workspaceId, endAt)
    await ensurePastMaintenance(this.#prisma, records, endAt)
    const settings = { publicUrl: config.NINES_PUBLIC_URL, secretKey: config.NINES_SECRET_KEY }
    await ensureBudgetPolicy(this.#prisma, records, settings)
    await announceChanges(config)
  }

  async end(): Promise<void> {
    await this.#load?.stop()
    await this.#shop?.stop()
  }
}

/** Spares the evaluators and probes their next look into the records. */
async function announceChanges({ REDIS_URL: redisUrl, NINES_REDIS_PREFIX: prefix }: DemoConfig): Promise<void> {
  const redis = new Redis(redisUrl)
  try {
    for (const topic of ['checks', 'slos'] as const) await announceConfigChange(redis, prefix, topic)
  } finally {
    redis.disconnect()
  }
}

/** Where `npm run demo` finds this process. */
async function rememberUrl(dataDir: string, url: string): Promise<void> {
  await mkdir(join(dataDir, 'demo'), { recursive: true, mode: 0o700 })
  await writeFile(join(dataDir, 'demo', 'control.json'), JSON.stringify({ url }))
}

async function channelSecrets(prisma: PrismaClient, channelId: string, secretKey: string): Promise<string[]> {
  const channel = await prisma.channel.findUnique({ where: { id: channelId } })
  const sealed = [channel?.secretSealed, channel?.previousSealed].filter((text) => typeof text === 'string')
  return sealed.map((text) => decryptSecret(text, secretKey))
}
