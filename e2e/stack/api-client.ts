import type { AnyRoute, BodyOf, ParamsOf, QueryOf, ResponseOf } from '@nines/contracts'

/** An answer other than 2xx, with the problem body as it came. */
export class ApiError extends Error {
  readonly status: number
  readonly body: string
  constructor(operation: string, status: number, body: string) {
    super(`${operation} answered ${status}: ${body.slice(0, 500)}`)
    this.status = status
    this.body = body
  }
}

interface Input<T> {
  params?: ParamsOf<T>
  query?: QueryOf<T>
  body?: BodyOf<T>
}

/** Calls the API as the dashboard does: same contracts, a cookie jar, the workspace header. */
export class ApiClient {
  readonly #baseUrl: string
  readonly #cookies = new Map<string, string>()
  workspace: string | undefined
  constructor(baseUrl: string, workspace?: string) {
    this.#baseUrl = baseUrl
    this.workspace = workspace
  }

  async call<T extends AnyRoute>(route: T, input: Input<T> = {}): Promise<ResponseOf<T>> {
    const response = await this.request(route.method, this.#path(route, input), input.body)
    const text = await response.text()
    if (!response.ok) throw new ApiError(route.id, response.status, text)
    return JSON.parse(text) as ResponseOf<T>
  }

  async request(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { origin: this.#baseUrl }
    if (this.workspace !== undefined) headers['x-nines-workspace'] = this.workspace
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (this.#cookies.size > 0) headers.cookie = [...this.#cookies].map(([k, v]) => `${k}=${v}`).join('; ')
    const response = await fetch(this.#baseUrl + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair] = cookie.split(';')
      const at = pair?.indexOf('=') ?? -1
      if (pair !== undefined && at > 0) this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  /** Goes on with a session that was begun elsewhere, such as in a browser. */
  adoptCookies(cookies: readonly { name: string; value: string }[]): void {
    for (const { name, value } of cookies) this.#cookies.set(name, value)
  }

  /** Cookies in the form a browser context takes them. */
  cookies(): { name: string; value: string; url: string }[] {
    return [...this.#cookies].map(([name, value]) => ({ name, value, url: this.#baseUrl }))
  }

  #path<T extends AnyRoute>(route: T, input: Input<T>): string {
    const params = (input.params ?? {}) as Record<string, string>
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries<string | number | undefined>(input.query ?? {})) {
      if (value !== undefined) query.set(name, String(value))
    }
    return query.size === 0 ? path : `${path}?${query.toString()}`
  }
}
