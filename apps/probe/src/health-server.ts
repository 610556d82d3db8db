import { observeRequests, type Instruments } from '@nines/instrument'
import fastify, { type FastifyInstance } from 'fastify'

/** A probe that has not heard from ingest for this long is not ready. */
const SILENCE_LIMIT_MS = 60_000

/** Answers /healthz while the process lives and /readyz while ingest tells it what to check. */
export function createHealthServer(instruments: Instruments, answeredAt: () => number | null): FastifyInstance {
  const server = fastify()
  observeRequests(server, instruments)
  server.get('/healthz', () => ({ ok: true }))
  server.get('/readyz', async (_, reply) => {
    const last = answeredAt()
    const ready = last !== null && Date.now() - last < SILENCE_LIMIT_MS
    return reply.code(ready ? 200 : 503).send({ ready, ...(ready ? {} : { reason: 'ingest does not answer' }) })
  })
  return server
}
