import { actOnAlertLink, lookupAlertLink, type Access, type AnyRoute } from '@nines/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { authenticateInWorkspace, authenticateSession } from '../auth/authenticate.ts'
import type { SessionCaller, WorkspaceCaller } from '../auth/caller.ts'
import { requireSameOrigin } from '../auth/same-origin.ts'
import type { ApiContext } from '../context.ts'
import type { Handler } from './handle.ts'
import { operationSchema } from './operation-schema.ts'

/** Public operations that change something take a secret: few guesses a minute from one address. */
const PUBLIC_LIMIT = { max: 20, timeWindow: 60_000 }
/** Links of pages are signed, not guessed, and a team behind one address acts on many of them in a storm. */
const ALERT_LINK_LIMIT = { max: 1_000, timeWindow: 60_000 }
const ALERT_LINK_ROUTES: ReadonlySet<string> = new Set([lookupAlertLink.id, actOnAlertLink.id])

const callers = new WeakMap<FastifyRequest, SessionCaller | WorkspaceCaller>()

/**
 * Registers a handler for every operation of the contracts: access first, then validation, then the handler. Throws
 * when an operation has no handler or two, so that a server never starts with a hole in its API.
 */
export function registerRoutes(
  server: FastifyInstance,
  routes: readonly AnyRoute[],
  handlers: readonly Handler[],
  context: ApiContext,
): void {
  const byId = new Map(handlers.map((handler) => [handler.route.id, handler]))
  const missing = routes.filter((route) => !byId.has(route.id)).map((route) => route.id)
  if (missing.length > 0) throw new TypeError(`operations without a handler: ${missing.join(', ')}`)
  if (byId.size !== handlers.length || byId.size !== routes.length)
    throw new TypeError('every handler belongs to exactly one operation of the contracts')
  for (const route of routes) registerRoute(server, byId.get(route.id) as Handler, context)
}

function registerRoute(server: FastifyInstance, { route, run }: Handler, context: ApiContext): void {
  const secretGuarding = route.access === 'public' && route.method !== 'GET'
  server.route({
    method: route.method,
    url: route.path,
    schema: operationSchema(route),
    config: secretGuarding ? { rateLimit: ALERT_LINK_ROUTES.has(route.id) ? ALERT_LINK_LIMIT : PUBLIC_LIMIT } : {},
    onRequest: async (request) => {
      const caller = await admit(context, request, route.access)
      if (caller !== null) callers.set(request, caller)
    },
    handler: async (request, reply) => {
      const { params, query, body } = request
      const caller = callers.get(request)
      const workspace = caller !== undefined && 'workspace' in caller ? caller.workspace : undefined
      return run({ params, query, body, caller, workspace, request, reply, signal: hangUpSignal(reply) }, context)
    },
  })
}

function hangUpSignal({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  return controller.signal
}

async function admit(context: ApiContext, request: FastifyRequest, access: Access) {
  if (access === 'public') {
    requireSameOrigin(request, context.publicUrl, { required: false })
    return null
  }
  if (access === 'session') return authenticateSession(context, request)
  return authenticateInWorkspace(context, request, access)
}
