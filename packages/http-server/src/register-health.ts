import { messageOf } from '@nines/kernel'
import type { FastifyInstance, FastifySchema } from 'fastify'

/** What an app needs to do its work, by name: asked for a sign of life, each rejects when it has none. */
export type Dependencies = Readonly<Record<string, () => Promise<unknown>>>

export interface HealthOptions {
  /** Whether the app can do its work, given who answers; by default when all do. */
  isReady?: (states: Readonly<Record<string, string>>) => boolean
  /** A dependency answers within this time or counts as away. */
  patienceMs?: number
}

const PATIENCE_MS = 3_000
const REASON_LENGTH = 200
/** Health pages are for machines: no part of a described API and no lines in a log. */
const HIDDEN = { schema: { hide: true } as FastifySchema, logLevel: 'silent' } as const

/**
 * /healthz: the process lives; 200 whatever its stores do. /readyz: it can do its work; 503 otherwise. Its answer names
 * each dependency with `ok` or what is wrong: `{status: 'ready', stores: {redis: 'ok'}}`.
 */
export function registerHealth(
  server: FastifyInstance,
  dependencies: Dependencies,
  { isReady = everyoneAnswers, patienceMs = PATIENCE_MS }: HealthOptions = {},
): void {
  server.get('/healthz', HIDDEN, async () => ({ status: 'ok' }))
  server.get('/readyz', HIDDEN, async (_request, reply) => {
    const asked = Object.entries(dependencies).map(
      async ([name, ask]) => [name, await stateOf(ask, patienceMs)] as const,
    )
    const stores = Object.fromEntries(await Promise.all(asked))
    const ready = isReady(stores)
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'unready', stores })
  })
}

function everyoneAnswers(states: Readonly<Record<string, string>>): boolean {
  return Object.values(states).every((state) => state === 'ok')
}

async function stateOf(ask: () => Promise<unknown>, patienceMs: number): Promise<string> {
  const late = Promise.withResolvers<string>()
  const timer = setTimeout(() => late.resolve(`no answer within ${patienceMs} ms`), patienceMs)
  try {
    const asked = ask().then(
      () => 'ok',
      (error: unknown) => messageOf(error).slice(0, REASON_LENGTH),
    )
    return await Promise.race([asked, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
