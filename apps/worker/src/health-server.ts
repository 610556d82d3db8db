import { observeRequests, type Instruments } from '@nines/instrument'
import { messageOf } from '@nines/kernel'
import Fastify, { type FastifyInstance } from 'fastify'

/** A store answers within this time or counts as away. */
const PROBE_TIMEOUT_MS = 3000

/** /healthz says that the process lives; /readyz asks every store and names those that are away (503). */
export function createHealthServer(
  stores: Readonly<Record<string, () => Promise<unknown>>>,
  instruments: Instruments,
): FastifyInstance {
  const server = Fastify({ logger: false, forceCloseConnections: true })
  observeRequests(server, instruments)
  server.get('/healthz', () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    const answers = await Promise.all(
      Object.entries(stores).map(async ([name, ping]) => [name, await stateOf(ping)] as const),
    )
    const isReady = answers.every(([, state]) => state === 'ok')
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? 'ready' : 'unready', stores: Object.fromEntries(answers) })
  })
  return server
}

async function stateOf(ping: () => Promise<unknown>): Promise<string> {
  const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS)
  const late = new Promise<string>((resolve) => timeout.addEventListener('abort', () => resolve('no answer')))
  return Promise.race([ping().then(() => 'ok', messageOf), late])
}
