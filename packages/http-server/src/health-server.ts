import { fastify } from 'fastify'
import { registerHealth, type Dependencies, type HealthOptions } from './register-health.ts'
import { stoppable } from './stoppable.ts'

export interface HealthServer {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Listens for an app that serves nothing but its health pages. Rejects when the port is taken. */
export async function startHealthServer(
  address: { host: string; port: number },
  dependencies: Dependencies,
  options: HealthOptions = {},
): Promise<HealthServer> {
  const server = fastify()
  registerHealth(server, dependencies, options)
  const stop = stoppable(server)
  return { url: await server.listen(address), stop }
}
