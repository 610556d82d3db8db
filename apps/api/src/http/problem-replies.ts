import { STATUS_CODES } from 'node:http'
import { apiRoutes, LIVE_EVENTS_PATH, LOG_TAIL_PATH, type Problem } from '@nines/contracts'
import { messageOf, NinesError, type ErrorCode, type Logger } from '@nines/kernel'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: 'bad_request',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
}

/** Makes every error of the server an RFC 9457 problem: what is wrong and where, never a stack or a secret. */
export function replyWithProblems(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toNinesError(error)
    if (known.status >= 500)
      logger.error({ requestId: request.id, route: request.routeOptions.url, err: error }, messageOf(error))
    if (known.retryAfterSeconds !== undefined) void reply.header('retry-after', String(known.retryAfterSeconds))
    return sendProblem(request, reply, known)
  })
}

/** 405 with the methods there are when only the method is wrong, else 404. */
export function replyNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? ''
  const methods = methodsOf(path)
  if (methods.length === 0)
    return sendProblem(request, reply, new NinesError('not_found', `there is nothing at ${path}`))
  void reply.header('allow', methods.join(', '))
  const detail = `${path} takes ${methods.join(', ')}, not ${request.method}`
  return send(reply, {
    type: 'about:blank',
    title: 'Method Not Allowed',
    status: 405,
    detail,
    code: 'method_not_allowed',
    requestId: request.id,
  })
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, error: NinesError): FastifyReply {
  return send(reply, {
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    requestId: request.id,
    ...(error.issues.length > 0 && { issues: error.issues }),
  })
}

function send(reply: FastifyReply, body: Problem): FastifyReply {
  return reply
    .status(body.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body)
}

function toNinesError(error: FastifyError): NinesError {
  if (error instanceof NinesError) return error
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error)
  if (isStoreAway(error))
    return new NinesError('unavailable', 'the record store is away; try again', { cause: error, retryAfterSeconds: 2 })
  if (isUnstorableText(error))
    return new NinesError('invalid', 'text must not contain the character NUL (U+0000)', { cause: error })
  const code = CODE_OF_STATUS[error.statusCode ?? 500]
  if (code !== undefined) return new NinesError(code, error.message, { cause: error })
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return new NinesError('bad_request', error.message, { cause: error })
  return new NinesError('internal', 'something went wrong on our side; the log has it under this request id', {
    cause: error,
  })
}

/** Every field at fault with its JSON path, such as `body/sli/good/metric`. */
function invalidRequest(error: {
  validation: { instancePath: string; message?: string }[]
  validationContext?: string
}): NinesError {
  const part = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'body')
  const issues = error.validation.map((issue) => ({
    path: `${part}${issue.instancePath}`,
    message: issue.message ?? 'is not valid',
  }))
  return new NinesError('invalid', issues.map(({ path, message }) => `${path}: ${message}`).join('; '), { issues })
}

/** PostgreSQL cannot be reached, is starting or is shutting down; Prisma and the driver say so in their own ways. */
function isStoreAway(error: FastifyError): boolean {
  const codes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037', 'ECONNREFUSED', 'ECONNRESET'])
  return (
    codes.has(error.code) ||
    /timeout exceeded when trying to connect|Connection terminated|DatabaseNotReachable/.test(messageOf(error))
  )
}

/** PostgreSQL refused a NUL, in text (22021) or in JSON (22P05): JSON may carry one, the record store does not. */
function isUnstorableText(error: FastifyError): boolean {
  return /\b(22021|22P05)\b/.test(messageOf(error))
}

const patterns = [
  ...apiRoutes.map(({ method, path }) => ({ method, path })),
  { method: 'GET', path: LIVE_EVENTS_PATH },
  { method: 'GET', path: LOG_TAIL_PATH },
].map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`) }))

function methodsOf(path: string): string[] {
  const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}
