import type { z } from 'zod'
import type { ApiKeyScope, Role } from '../domain/identity.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call a route: a session with at least `role`, or an API key with `scope`; with scope null no key may, so that a
 * key can neither make others nor let people in. `public` routes say so.
 */
export type Access = { role: Role; scope: Exclude<ApiKeyScope, 'ingest'> | null } | 'public' | 'session'

/**
 * One API operation: the single description from which the server validates, the OpenAPI document is made, the web
 * client is typed and the access tests are generated.
 */
export interface ApiRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  id: string
  method: Method
  /** Fastify path with `:name` parameters. */
  path: string
  tag: string
  summary: string
  access: Access
  params?: P
  query?: Q
  body?: B
  response: R
  /** Media types, besides JSON, that it can answer with. */
  alternatives?: readonly string[]
}

// oxlint-disable-next-line typescript/no-explicit-any -- a route of any shape; the concrete types are inferred by route()
export type AnyRoute = ApiRoute<any, any, any, any>

/** Declares a route, keeping the exact schema types. */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodType,
>(definition: ApiRoute<P, Q, B, R>): ApiRoute<P, Q, B, R> {
  return definition
}

export type ParamsOf<T> = T extends ApiRoute<infer P, z.ZodType, z.ZodType, z.ZodType> ? z.infer<P> : never
export type QueryOf<T> = T extends ApiRoute<z.ZodType, infer Q, z.ZodType, z.ZodType> ? z.input<Q> : never
export type BodyOf<T> = T extends ApiRoute<z.ZodType, z.ZodType, infer B, z.ZodType> ? z.input<B> : never
export type ResponseOf<T> = T extends ApiRoute<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.infer<R> : never
