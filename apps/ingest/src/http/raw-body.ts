import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ByteBudget } from './byte-budget.ts'
import { contentEncoding } from './media-type.ts'
import { readBody } from './read-body.ts'

/** Gives every route its body as one decompressed Buffer, within the limits for one request and for all together. */
export function takeRawBodies(server: FastifyInstance, limits: { maxBytes: number; maxBufferBytes: number }): void {
  const budget = new ByteBudget(limits.maxBufferBytes)
  const held = new WeakMap<object, number>()
  server.addHook('onRequest', async (request, reply) => {
    // Also when the sender goes away before it is answered.
    reply.raw.once('close', () => budget.release(held.get(request.raw) ?? 0))
  })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', async (request: FastifyRequest) =>
    readBody(
      request.raw,
      {
        encoding: contentEncoding(request.headers),
        declaredLength: Number(request.headers['content-length'] ?? 0),
      },
      {
        maxBytes: limits.maxBytes,
        budget,
        onHeld: (bytes) => held.set(request.raw, (held.get(request.raw) ?? 0) + bytes),
      },
    ),
  )
}

/** The body that takeRawBodies read; empty when the request had none. */
export function rawBodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
}
