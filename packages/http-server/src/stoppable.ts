import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** How long requests under way may take before their connections are cut. */
const DEADLINE_MS = 8_000

/**
 * Prepares a server for stopping without delay; call it before the server listens. The returned function stops it:
 *
 * - connections that never sent a byte are cut at once: browsers and HTTP clients open them ahead of need, and Node
 *   counts them as busy and would wait a minute for them;
 * - requests under way are answered, and their connections closed with the answer instead of being kept alive;
 * - what is left after eight seconds is cut.
 */
export function stoppable(server: FastifyInstance, deadlineMs = DEADLINE_MS): () => Promise<void> {
  const sockets = new Set<Socket>()
  const unanswered = new Set<ServerResponse>()
  let isStopping = false
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.server.prependListener('request', (_request, response: ServerResponse) => {
    if (isStopping) response.setHeader('connection', 'close')
    unanswered.add(response)
    response.once('close', () => unanswered.delete(response))
  })
  return async () => {
    isStopping = true
    for (const response of unanswered) if (!response.headersSent) response.setHeader('connection', 'close')
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    const deadline = setTimeout(() => server.server.closeAllConnections(), deadlineMs)
    try {
      await server.close()
    } finally {
      clearTimeout(deadline)
    }
  }
}
