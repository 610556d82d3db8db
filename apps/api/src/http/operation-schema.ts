import { problem, type AnyRoute } from '@nines/contracts'
import { z } from 'zod'

/** Fastify schema of an operation, in the form that also becomes its OpenAPI description. */
export function operationSchema(route: AnyRoute): Record<string, unknown> {
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.tag],
    ...(route.params !== undefined && { params: route.params }),
    ...(route.query !== undefined && { querystring: route.query }),
    ...(route.body !== undefined && { body: route.body }),
    ...(route.access === 'public' && { security: [] }),
    ...((route.access === 'session' || (typeof route.access === 'object' && route.access.scope === null)) && {
      security: [{ session: [] }],
    }),
    response: { 200: answerOf(route), default: problemResponse },
  }
}

function answerOf({ response, alternatives = [] }: AnyRoute): unknown {
  if (alternatives.length === 0) return response
  const others = alternatives.map((type) => [type, { schema: z.string() }] as const)
  return {
    description: 'Default Response',
    content: { 'application/json': { schema: response }, ...Object.fromEntries(others) },
  }
}

const problemResponse = {
  description: 'What went wrong (RFC 9457)',
  content: { 'application/problem+json': { schema: problem } },
}
