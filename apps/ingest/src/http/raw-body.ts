import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ByteBudget, type ByteShare } from './byte-budget.ts'
import { contentEncoding } from './media-type.ts'
import { readBody } from './read-body.ts'

/** Gives every route its body as one decompressed Buffer, within the limits for one request and for all together. */
export function takeRawBodies(server: FastifyInstance, limits: { maxBytes: number; maxBufferBytes: number }): void {
  const budget = new ByteBudget(limits.maxBufferBytes)
  const shares = new WeakMap<object, ByteShare>()
  server.addHook('onRequest', async (request, reply) => {
    const share = budget.open()
    shares.set(request.raw, share)
    // Also when the sender goes away before it is answered.
    reply.raw.once('close', () => share.close())
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
        hold: (bytes) => shares.get(request.raw)?.take(bytes),
      },
    ),
  )
}

/** The body that takeRawBodies read; empty when the request had none. */
export function rawBodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
}
