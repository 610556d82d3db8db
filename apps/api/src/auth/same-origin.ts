import { NinesError } from '@nines/kernel'
import type { FastifyRequest } from 'fastify'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a state-changing request that another site made in a signed-in browser. Browsers say where a request comes
 * from in Sec-Fetch-Site, older ones in Origin; `required` refuses requests that say neither.
 */
export function requireSameOrigin(
  request: FastifyRequest,
  publicUrl: string,
  { required }: { required: boolean },
): void {
  if (SAFE_METHODS.has(request.method)) return
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  if (site === undefined && origin === undefined && !required) return
  if (site !== undefined && site !== 'same-origin') throw refused()
  if (origin !== undefined && !isOwnOrigin(origin, request, publicUrl)) throw refused()
  if (site === undefined && origin === undefined) throw refused()
}

function isOwnOrigin(origin: string, request: FastifyRequest, publicUrl: string): boolean {
  return (
    origin === new URL(publicUrl).origin || origin === `http://${request.host}` || origin === `https://${request.host}`
  )
}

function refused(): NinesError {
  return new NinesError('forbidden', 'a signed-in browser may change things only from a page of this dashboard')
}
