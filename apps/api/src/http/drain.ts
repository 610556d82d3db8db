import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** How long requests under way may take before their connections are cut. */
const DEADLINE_MS = 10_000

/**
 * Prepares a server for stopping without delay. Browsers and HTTP clients open connections ahead of need; Node counts
 * one that never sent a byte as busy and would wait a minute for it. The returned function stops the server: it cuts
 * such connections at once, lets requests under way finish, and cuts what is left after ten seconds.
 */
export function drainable(server: FastifyInstance): () => Promise<void> {
  const sockets = new Set<Socket>()
  server.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return async () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    const deadline = setTimeout(() => server.server.closeAllConnections(), DEADLINE_MS)
    await server.close()
    clearTimeout(deadline)
  }
}
