import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ByteBudget } from './byte-budget.ts'
import { contentEncoding, type BodyEncoding } from './content-encoding.ts'
import { readBody } from './read-body.ts'

/** Encodings of a body that is not a format of its own. */
export const RAW_ENCODINGS: readonly BodyEncoding[] = ['gzip', 'zstd', 'deflate', 'identity']

/** Gives every route its body as one decompressed Buffer, within the limits for one request and for all together. */
export function takeRawBodies(server: FastifyInstance, limits: { maxBytes: number; budget: ByteBudget }): void {
  const { maxBytes, budget } = limits
  const answers = new WeakMap<IncomingMessage, ServerResponse>()
  server.addHook('onRequest', async (request, reply) => {
    answers.set(request.raw, reply.raw)
  })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', async (request: FastifyRequest) => {
    const share = budget.open(request.senderKey?.workspaceNumber ?? 0)
    // Also when the sender goes away before it is answered.
    const answer = answers.get(request.raw)
    answer?.once('close', () => share.close())
    if (answer?.closed) share.close()
    const declaredLength = Number(request.headers['content-length'] ?? 0)
    const encoding = contentEncoding(request.headers, RAW_ENCODINGS)
    const body = await readBody(request.raw, { encoding, declaredLength }, { maxBytes, share })
    // The route reads it later.
    return Buffer.from(body.bytes())
  })
}

/** The body that takeRawBodies read; empty when the request had none. */
export function rawBodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
}
