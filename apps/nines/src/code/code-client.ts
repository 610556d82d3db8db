import { problem, type AnyRoute, type BodyOf, type ResponseOf } from '@nines/contracts'
import { messageOf, NinesError } from '@nines/kernel'

/** Where Nines is and who asks. */
export interface CodeServer {
  /** Without a slash at the end. */
  url: string
  /** API key with scope write, or read for what changes nothing. */
  key: string
}

const TIMEOUT_MS = 120_000

/** The server of the environment. Throws NinesError saying what to set. */
export function codeServer(url: string | undefined, env: Record<string, string | undefined>): CodeServer {
  const key = env['NINES_API_KEY'] ?? ''
  if (key === '')
    throw new NinesError(
      'unauthenticated',
      'NINES_API_KEY is not set. Make a key with scope write (read is enough for diff) under Settings, API keys, and export it.',
    )
  const fallback = `http://localhost:${env['NINES_API_PORT'] || '8080'}`
  return { url: (url ?? env['NINES_URL'] ?? fallback).replace(/\/+$/, ''), key }
}

/** Calls an operation. A refusal is a NinesError with every issue on a line of its own. */
export async function callNines<R extends AnyRoute>(
  server: CodeServer,
  route: R,
  { body, query = '' }: { body?: BodyOf<R>; query?: string } = {},
): Promise<ResponseOf<R>> {
  const response = await fetch(`${server.url}${route.path}${query}`, {
    method: route.method,
    headers: {
      authorization: `Bearer ${server.key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    throw new NinesError('unavailable', `${server.url} does not answer: ${messageOf(cause)}`, { cause: error })
  })
  const text = await response.text()
  if (!response.ok) throw refusalOf(server, response.status, text)
  const parsed: unknown = route.response.parse(JSON.parse(text))
  return parsed as ResponseOf<R>
}

function refusalOf({ url }: CodeServer, status: number, text: string): NinesError {
  const parsed = problem.safeParse(parseJson(text))
  if (!parsed.success) return new NinesError('unavailable', `${url} answered ${status}, and it is not Nines' API`)
  const { detail, issues = [] } = parsed.data
  if (status === 413) return new NinesError('too_large', 'these files are more than 1 MiB; apply them in parts')
  const lines = issues.map((issue) => `  ${issue.path}: ${issue.message}`)
  return new NinesError('bad_request', lines.length === 0 ? detail : `The files were refused:\n${lines.join('\n')}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
