import { messageOf } from '@nines/kernel'
import { fastify, type FastifyInstance } from 'fastify'

/** A store and how to ask it for a sign of life; rejects when there is none. */
export interface Dependency {
  name: string
  ask: () => Promise<unknown>
}

const PATIENCE_MS = 2_000

/** /healthz: the process runs. /readyz: its stores answer, each named with what it said. */
export function createHealthServer(dependencies: readonly Dependency[]): FastifyInstance {
  const server = fastify({ logger: false })
  server.get('/healthz', () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    const answers = await Promise.all(dependencies.map((dependency) => answerOf(dependency)))
    const isReady = answers.every((answer) => answer.status === 'ok')
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'unavailable', stores: answers })
  })
  return server
}

async function answerOf({
  name,
  ask,
}: Dependency): Promise<{ name: string; status: 'ok' | 'unavailable'; reason?: string }> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
  })
  try {
    const asked = ask()
    asked.catch(() => undefined)
    await Promise.race([asked, patience])
    return { name, status: 'ok' }
  } catch (error) {
    return { name, status: 'unavailable', reason: messageOf(error) }
  } finally {
    clearTimeout(timer)
  }
}
