import { NinesError } from '@nines/kernel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CLIENT_ADDRESS_HEADER, type Auth } from './auth.ts'
import { requireSameOrigin } from './same-origin.ts'

/** At most this many attempts to sign in a minute from one address. */
const SIGN_IN_LIMIT = { max: 10, timeWindow: 60_000 }

/** Serves better-auth under /api/auth/*, with fewer attempts for what takes a password. */
export function mountAuth(server: FastifyInstance, auth: Auth, publicUrl: string): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => sendResponse(reply, await ask(auth, request))
  const onRequest = async (request: FastifyRequest) => requireSameOrigin(request, publicUrl, { required: false })
  const hidden = { schema: { hide: true }, onRequest }
  server.post('/api/auth/sign-in/email', { ...hidden, config: { rateLimit: SIGN_IN_LIMIT } }, handler)
  server.post('/api/auth/change-password', { ...hidden, config: { rateLimit: SIGN_IN_LIMIT } }, handler)
  const tidyOnly = async (request: FastifyRequest) => {
    requireTidyPath(request)
    await onRequest(request)
  }
  server.route({ method: ['GET', 'POST'], url: '/api/auth/*', ...hidden, onRequest: tidyOnly, handler })
}

/** A path such as `/api/auth/./sign-in/email` would miss the limited routes here and mean one of them to better-auth. */
function requireTidyPath(request: FastifyRequest): void {
  const path = request.url.split('?', 1)[0] ?? ''
  if (new URL(path, 'http://localhost').pathname !== path)
    throw new NinesError('not_found', `there is nothing at ${path}`)
}

/** Headers of a request as better-auth takes them, with the client's address as this server saw it. */
export function authHeaders(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  headers.delete('content-length')
  headers.set(CLIENT_ADDRESS_HEADER, request.ip)
  return headers
}

/** Signs in after setup or invitation: the cookies of better-auth's answer become cookies of this one. */
export async function signIn(
  auth: Auth,
  request: FastifyRequest,
  reply: FastifyReply,
  credentials: { email: string; password: string },
): Promise<void> {
  const answer = await auth.api.signInEmail({ body: credentials, headers: authHeaders(request), asResponse: true })
  for (const cookie of answer.headers.getSetCookie()) void reply.header('set-cookie', cookie)
}

async function ask(auth: Auth, request: FastifyRequest): Promise<Response> {
  const hasBody = request.method !== 'GET' && request.body !== undefined && request.body !== null
  return auth.handler(
    new Request(new URL(request.url, `${request.protocol}://${request.host}`), {
      method: request.method,
      headers: authHeaders(request),
      ...(hasBody && { body: JSON.stringify(request.body) }),
    }),
  )
}

async function sendResponse(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  void reply.status(response.status)
  for (const [name, value] of response.headers) if (name !== 'set-cookie') void reply.header(name, value)
  for (const cookie of response.headers.getSetCookie()) void reply.header('set-cookie', cookie)
  return reply.send(response.body === null ? null : await response.text())
}
