import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { apiRoutes } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import { registerHealth } from '@nines/http-server'
import { observeRequests, type Instruments } from '@nines/instrument'
import Fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { mountAuth } from './auth/mount-auth.ts'
import type { ApiContext } from './context.ts'
import { describeApi, serveDescription } from './http/openapi.ts'
import { replyWithProblems } from './http/problem-replies.ts'
import { registerRoutes } from './http/register-routes.ts'
import { serveSloSchema } from './http/serve-slo-schema.ts'
import { serveWeb } from './http/serve-web.ts'
import type { LiveHub } from './live/live-hub.ts'
import { serveEvents } from './live/serve-events.ts'
import { serveLogTail } from './live/serve-log-tail.ts'
import { handlers } from './routes/handlers.ts'

const BODY_LIMIT_BYTES = 1024 * 1024

export interface ServerOptions {
  context: ApiContext
  hub: LiveHub
  instruments: Instruments
  /** Folder of the built dashboard. */
  webDir: string | undefined
  /** Reverse proxies before this server, whose additions to X-Forwarded-For are believed. */
  trustedProxies: number
}

/** The API with its OpenAPI description, sign-in, live events, health and the dashboard. Not listening yet. */
export async function createServer({
  context,
  hub,
  instruments,
  webDir,
  trustedProxies,
}: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: trustedProxies > 0 && ((_address, hop) => hop < trustedProxies),
    genReqId: () => newId('req'),
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
  })
  observeRequests(server, instruments)
  server.setValidatorCompiler(validatorCompiler)
  server.setSerializerCompiler(serializerCompiler)
  replyWithProblems(server, context.logger)
  acceptEmptyJson(server)
  await server.register(helmet, { contentSecurityPolicy: { directives: contentSecurityPolicy(context.publicUrl) } })
  await server.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new NinesError('rate_limited', 'too many attempts; wait a minute', { retryAfterSeconds: Math.ceil(ttl / 1000) }),
  })
  await describeApi(server)
  server.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      void reply.header('cache-control', 'no-store')
  })
  mountAuth(server, context.auth, context.publicUrl)
  registerRoutes(server, apiRoutes, handlers, context)
  serveEvents(server, context, hub)
  serveLogTail(server, context)
  registerHealth(server, {
    postgres: () => context.prisma.$queryRaw`select 1`,
    redis: () => context.redis.ping(),
    clickhouse: () => context.telemetry.ping(),
  })
  serveDescription(server)
  serveSloSchema(server)
  await serveWeb(server, webDir)
  return server
}

/** Clients say `content-type: application/json` also on requests without a body. */
function acceptEmptyJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.removeContentTypeParser('application/json')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body as string, done)
  })
}

/** Mantine sets styles inline; everything else comes from this origin. */
function contentSecurityPolicy(publicUrl: string): Record<string, string[] | null> {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'"],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    // Upgrading would break a dashboard that is served over plain HTTP.
    'upgrade-insecure-requests': publicUrl.startsWith('https:') ? [] : null,
  }
}
