import type { AnyRoute, ApiRoute } from '@nines/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { CallerWorkspace, SessionCaller, WorkspaceCaller } from '../auth/caller.ts'
import type { ApiContext } from '../context.ts'

/** The validated parts of a request. */
interface Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  params: z.output<P>
  query: z.output<Q>
  body: z.output<B>
}
interface InWorkspace {
  caller: WorkspaceCaller
  workspace: CallerWorkspace
  /** Fires when the client hangs up before it has its answer. */
  signal: AbortSignal
}
interface WithSession {
  caller: SessionCaller
}
interface Exchange {
  request: FastifyRequest
  reply: FastifyReply
}

/** A route with what answers it. `run` gets what the server found out about the caller, by the route's access. */
export interface Handler {
  route: AnyRoute
  run: (input: unknown, context: ApiContext) => Promise<unknown>
}

/** Answers a route of a workspace. */
export function handle<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  route: ApiRoute<P, Q, B, R>,
  run: (input: Input<P, Q, B> & InWorkspace, context: ApiContext) => Promise<z.input<R>>,
): Handler {
  return { route, run: (input, context) => run(input as Input<P, Q, B> & InWorkspace, context) }
}

/**
 * Answers a route of a workspace with JSON that the handler has written itself: an answer of many thousand numbers is then
 * not walked through once more to see that it is what the route promises. A test holds it to the route's schema instead.
 */
export function handleText<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  route: ApiRoute<P, Q, B, R>,
  run: (input: Input<P, Q, B> & InWorkspace, context: ApiContext) => Promise<string>,
): Handler {
  return {
    route,
    run: async (input, context) => {
      const text = await run(input as Input<P, Q, B> & InWorkspace, context)
      void (input as Exchange).reply.type('application/json; charset=utf-8')
      return text
    },
  }
}

/** Text of another media type than JSON, to be saved as a file. */
export class TextFile {
  readonly type: string
  readonly name: string
  readonly text: string

  /** `name` is made of letters, digits, dots, hyphens and underscores. */
  constructor({ type, name, text }: { type: string; name: string; text: string }) {
    this.type = type
    this.name = name
    this.text = text
  }
}

/** Answers a route of a workspace with JSON or, where the caller asked for one of the route's alternatives, a file. */
export function handleFile<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  route: ApiRoute<P, Q, B, R>,
  run: (input: Input<P, Q, B> & InWorkspace, context: ApiContext) => Promise<z.input<R> | TextFile>,
): Handler {
  return {
    route,
    run: async (input, context) => {
      const answer = await run(input as Input<P, Q, B> & InWorkspace, context)
      if (!(answer instanceof TextFile)) return answer
      const { reply } = input as Exchange
      void reply.type(`${answer.type}; charset=utf-8`)
      void reply.header('content-disposition', `attachment; filename="${answer.name}"`)
      return answer.text
    },
  }
}

/** Answers a route that needs somebody signed in but no workspace. */
export function handleSession<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  route: ApiRoute<P, Q, B, R>,
  run: (input: Input<P, Q, B> & WithSession, context: ApiContext) => Promise<z.input<R>>,
): Handler {
  return { route, run: (input, context) => run(input as Input<P, Q, B> & WithSession, context) }
}

/** Answers a route that anybody may call. It may set cookies. */
export function handlePublic<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  route: ApiRoute<P, Q, B, R>,
  run: (input: Input<P, Q, B> & Exchange, context: ApiContext) => Promise<z.input<R>>,
): Handler {
  return { route, run: (input, context) => run(input as Input<P, Q, B> & Exchange, context) }
}

/** The answer of an operation that has nothing to tell. */
export const OK = { ok: true } as const
