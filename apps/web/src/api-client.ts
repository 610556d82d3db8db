import type { AnyRoute, BodyOf, ParamsOf, Problem, QueryOf, ResponseOf } from '@nines/contracts'

type Part<K extends string, V> = [V] extends [undefined] ? object : { [key in K]: V }
/** What a route needs: `params`, `query` and `body` only where its schemas name them. */
export type CallInput<T> = Part<'params', ParamsOf<T>> & Part<'query', QueryOf<T>> & Part<'body', BodyOf<T>>

/** An answer outside 2xx, or none at all (status 0). `message` is fit to show. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly issues: { path: string; message: string }[]
  readonly requestId: string | undefined

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.code = problem.code ?? 'unknown'
    this.issues = problem.issues ?? []
    this.requestId = problem.requestId
  }
}

interface LooseInput {
  params?: Record<string, string>
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
}

/** Path with its `:name` parts filled in and the query appended; undefined values are left out. */
export function urlOf(path: string, input: LooseInput): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? ''))
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) query.set(key, `${value}`)
  }
  const search = query.toString()
  return search === '' ? filled : `${filled}?${search}`
}

/** Calls one API operation of the same origin. `workspace` is the slug; public and session routes need none. */
export async function call<T extends AnyRoute>(
  route: T,
  input: CallInput<T>,
  workspace?: string,
  signal?: AbortSignal,
): Promise<ResponseOf<T>> {
  const response = await send(route, input, { accept: 'application/json', workspace, signal })
  return (await response.json()) as ResponseOf<T>
}

/** Calls one API operation for what it answers with, whatever its media type. */
export async function download<T extends AnyRoute>(route: T, input: CallInput<T>, workspace: string): Promise<Blob> {
  const response = await send(route, input, { accept: '*/*', workspace })
  return response.blob()
}

async function send(
  route: AnyRoute,
  input: unknown,
  { accept, workspace, signal }: { accept: string; workspace?: string; signal?: AbortSignal },
): Promise<Response> {
  const { params, query, body } = input as LooseInput
  const headers: Record<string, string> = { accept }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (workspace !== undefined) headers['x-nines-workspace'] = workspace
  const response = await fetch(urlOf(route.path, { params, query }), {
    method: route.method,
    headers,
    credentials: 'same-origin',
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause
    throw new ApiError(0, { code: 'unreachable', detail: 'The Nines server cannot be reached.' })
  })
  if (!response.ok) throw await errorOf(response)
  return response
}

async function errorOf(response: Response): Promise<ApiError> {
  const problem: unknown = await response.json().catch(() => ({}))
  return new ApiError(response.status, typeof problem === 'object' && problem !== null ? problem : {})
}
