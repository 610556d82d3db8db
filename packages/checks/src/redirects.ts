import type { HttpCheckConfig } from '@nines/contracts'

/** One request of a run: the check's own, or one that a redirect led to. */
export interface Hop {
  url: URL
  method: HttpCheckConfig['method']
  headers: Record<string, string>
  body: string | undefined
}

const ANONYMOUS_HEADERS = new Set(['user-agent', 'accept', 'accept-language', 'content-type'])
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Whether the check follows redirects: one that asserts a 3xx status wants to see it. */
export function followsRedirects(config: HttpCheckConfig): boolean {
  return !config.assertions.some(
    (assertion) =>
      assertion.on === 'status' &&
      (assertion.op === 'equals' ? Math.floor(assertion.value / 100) === 3 : assertion.value === 3),
  )
}

/** The check's own request. */
export function firstHop(config: HttpCheckConfig): Hop {
  return {
    url: new URL(config.url),
    method: config.method,
    headers: { 'user-agent': 'nines-probe', accept: '*/*', ...lowerCased(config.headers) },
    body: config.method === 'POST' ? config.body : undefined,
  }
}

/**
 * Where an answer leads: the next hop, null when it is final, or why it cannot be followed. A POST becomes a GET as
 * browsers do it (301, 302, 303). Headers of the check may hold credentials and go only to the check's own origin.
 */
export function nextHop(hop: Hop, statusCode: number, location: string | undefined): Hop | null | string {
  if (!REDIRECTS.has(statusCode) || location === undefined) return null
  const url = URL.parse(location, hop.url.href)
  if (!url) return 'redirect to a malformed address'
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `redirect to ${url.protocol} refused`
  const becomesGet = hop.method === 'POST' && statusCode < 307
  const headers = url.origin === hop.url.origin ? { ...hop.headers } : anonymous(hop.headers)
  if (becomesGet) delete headers['content-type']
  return { url, method: becomesGet ? 'GET' : hop.method, headers, body: becomesGet ? undefined : hop.body }
}

function anonymous(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => ANONYMOUS_HEADERS.has(name)))
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
