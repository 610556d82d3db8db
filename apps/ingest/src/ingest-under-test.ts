import { newToken } from '@nines/kernel'
import { createBlockStream, type BlockEntry, type BlockStream } from '@nines/pipeline'
import { bootstrapInstallation, createApiKey, createPrisma, type PrismaClient } from '@nines/records'
import type { OwnServices } from '@nines/testkit'
import { start } from './start.ts'

/** A running ingest on real stores with a key, and eyes on what it put into the stream. For tests. */
export interface IngestUnderTest {
  app: Awaited<ReturnType<typeof start>>
  /** Secret of a key with scope ingest. */
  key: string
  workspaceId: string
  prisma: PrismaClient
  redisUrl: string
  redisPrefix: string
  stream: BlockStream
  /** POST with the key and JSON content type unless other headers are given. */
  post(path: string, body: RequestInit['body'], headers?: Record<string, string>): Promise<Response>
  /** Entries that were appended since the last call. */
  appended(): Promise<BlockEntry[]>
  stop(): Promise<void>
}

export async function startIngestUnderTest(
  services: OwnServices,
  env: Record<string, string> = {},
): Promise<IngestUnderTest> {
  const key = newToken('nk_')
  const { databaseUrl, redisUrl, redisPrefix } = services
  const secretKey = services.env.NINES_SECRET_KEY ?? ''
  await bootstrapInstallation(databaseUrl, { secretKey, ingestKey: key, internalKey: newToken('nk_'), demo: false })
  const prisma = createPrisma(databaseUrl, { maxConnections: 2 })
  const workspace = await prisma.workspace.findFirstOrThrow()
  const stream = createBlockStream({ redisUrl: env.REDIS_URL ?? redisUrl, prefix: redisPrefix })
  const app = await start({ ...services.env, ...env })
  let seen = '0-0'
  return {
    app,
    key,
    workspaceId: workspace.id,
    prisma,
    redisUrl,
    redisPrefix,
    stream,
    post: (path, body, headers = {}) =>
      fetch(`${app.url}${path}`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        // A body that is a stream needs it; for others it changes nothing.
        duplex: 'half',
      }),
    appended: async () => {
      const entries = await stream.read(0, seen)
      seen = entries.at(-1)?.id ?? seen
      return entries
    },
    stop: async () => {
      await app.stop()
      await stream.close()
      await prisma.$disconnect()
    },
  }
}

/** Makes another key of the workspace. */
export async function makeKey(ingest: IngestUnderTest, scopes: ('ingest' | 'read' | 'write')[]) {
  return createApiKey(ingest.prisma, ingest.workspaceId, { name: 'test', scopes, createdById: null })
}

/** An OTLP/JSON request with one counter and the given points. */
export function counterRequest(points: object[], metric: object = {}): object {
  const dataPoints = points.map((point) => ({ timeUnixNano: `${Date.now()}000000`, ...point }))
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints, ...metric }
  return {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeMetrics: [{ scope: { name: 'lib' }, metrics: [{ name: 'requests', unit: '1', sum }] }],
      },
    ],
  }
}
