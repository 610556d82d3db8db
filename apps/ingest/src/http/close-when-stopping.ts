import type { FastifyInstance } from 'fastify'

/**
 * Closes each connection with the answer it is waiting for once the server stops. Without it a connection that was busy
 * at that moment would be kept alive afterwards, and the server would wait for its sender to hang up.
 */
export function closeWhenStopping(server: FastifyInstance): void {
  let stopping = false
  server.addHook('preClose', async () => {
    stopping = true
  })
  server.addHook('onSend', async (_, reply) => {
    if (stopping) void reply.header('connection', 'close')
  })
}
