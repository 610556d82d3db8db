import { messageOf, NinesError, type Logger } from '@nines/kernel'
import { CONTENT_TYPES, encodeStatus } from '@nines/wire'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { otlpEncoding } from './media-type.ts'

/** Every refusal is a google.rpc.Status in the encoding of the request, JSON when that is none of OTLP's. */
export function answerErrors(server: FastifyInstance, logger: Logger, writePaths: readonly string[]): void {
  server.setErrorHandler((error, request, reply) => {
    const known = toNinesError(error)
    if (known.status >= 500 && known.code !== 'unavailable')
      logger.error({ err: error, route: request.routeOptions.url }, 'request failed')
    return sendStatus(request, reply, known)
  })
  server.setNotFoundHandler((request, reply) =>
    sendStatus(request, reply, new NinesError('not_found', notFound(request, writePaths))),
  )
}

function notFound({ method, url }: FastifyRequest, writePaths: readonly string[]): string {
  const path = (url.split('?', 1)[0] ?? '').slice(0, 200)
  return `there is no ${method} ${path}; telemetry goes by POST to ${writePaths.join(', ')}`
}

function sendStatus(request: FastifyRequest, reply: FastifyReply, error: NinesError) {
  const encoding = otlpEncoding(request.headers) ?? 'json'
  void reply.code(error.status).type(CONTENT_TYPES[encoding])
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer')
  if (error.status === 503 || error.status === 429) void reply.header('retry-after', error.retryAfterSeconds ?? 1)
  return reply.send(encodeStatus(encoding, error.status, error.message))
}

/** Fastify's own refusals carry a status; anything else that is unknown is our fault and says nothing outside. */
function toNinesError(error: unknown): NinesError {
  if (error instanceof NinesError) return error
  const status = (error as { statusCode?: unknown }).statusCode
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new NinesError(status === 413 ? 'too_large' : 'bad_request', messageOf(error), { cause: error })
  return new NinesError('internal', 'ingest failed to handle the request', { cause: error })
}
