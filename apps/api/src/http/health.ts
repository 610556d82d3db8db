import { messageOf } from '@nines/kernel'
import type { FastifyInstance } from 'fastify'
import type { ApiContext } from '../context.ts'

const STORE_DEADLINE_MS = 3_000

/** /healthz: the process is alive. /readyz: its stores answer; 503 names those that do not. */
export function serveHealth(server: FastifyInstance, { prisma, redis, telemetry }: ApiContext): void {
  const hidden = { schema: { hide: true }, logLevel: 'silent' } as const
  server.get('/healthz', hidden, async () => ({ ok: true }))
  server.get('/readyz', hidden, async (_request, reply) => {
    const stores = Object.fromEntries(
      await Promise.all([
        probe('postgres', prisma.$queryRaw`select 1`),
        probe('redis', redis.ping()),
        probe('clickhouse', telemetry.ping()),
      ]),
    )
    const ok = Object.values(stores).every((state) => state === 'ok')
    return reply.status(ok ? 200 : 503).send({ ok, stores })
  })
}

async function probe(name: string, answer: Promise<unknown>): Promise<[string, string]> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${STORE_DEADLINE_MS} ms`)), STORE_DEADLINE_MS)
  try {
    await Promise.race([answer, late.promise])
    return [name, 'ok']
  } catch (error) {
    return [name, messageOf(error)]
  } finally {
    clearTimeout(timer)
  }
}
