import { fastify, type FastifyInstance } from 'fastify'
import { registerHealth, type Dependencies, type HealthOptions } from './register-health.ts'
import { stoppable } from './stoppable.ts'

export interface HealthServer {
  readonly url: string
  readonly stop: () => Promise<void>
}

export interface HealthServerOptions extends HealthOptions {
  /** Adds what the app answers to other apps of ours. */
  routes?: (server: FastifyInstance) => void
}

/** Listens for an app that serves its health pages and hardly anything else. Rejects when the port is taken. */
export async function startHealthServer(
  address: { host: string; port: number },
  dependencies: Dependencies,
  options: HealthServerOptions = {},
): Promise<HealthServer> {
  const server = fastify()
  registerHealth(server, dependencies, options)
  options.routes?.(server)
  const stop = stoppable(server)
  return { url: await server.listen(address), stop }
}
