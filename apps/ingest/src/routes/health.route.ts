import { messageOf } from '@nines/kernel'
import type { FastifyInstance } from 'fastify'

export interface HealthRouteOptions {
  /** Each rejects when its store does not answer. */
  redis: () => Promise<unknown>
  postgres: () => Promise<unknown>
  /** Whether senders can be told apart without PostgreSQL. */
  knowsKeys: () => boolean
}

/**
 * /healthz: the process is alive. /readyz: data can be taken, that is, Redis answers and PostgreSQL does too or is not
 * needed because keys are known from before.
 */
export function registerHealth(server: FastifyInstance, options: HealthRouteOptions): void {
  server.get('/healthz', () => ({ ok: true }))
  server.get('/readyz', async (_, reply) => {
    const [redis, postgres] = await Promise.all([answers(options.redis), answers(options.postgres)])
    const ready = redis === 'ok' && (postgres === 'ok' || options.knowsKeys())
    return reply.code(ready ? 200 : 503).send({ ready, redis, postgres })
  })
}

async function answers(ask: () => Promise<unknown>): Promise<string> {
  try {
    await ask()
    return 'ok'
  } catch (error) {
    return messageOf(error).slice(0, 200)
  }
}
