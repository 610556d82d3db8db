import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

export const OPENAPI_PATH = '/api/openapi.json'

/** Describes every operation registered after this as OpenAPI 3.1, from the schemas that also validate. */
export async function describeApi(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Nines',
        version: '1',
        description:
          'Services, SLOs, alerts, on-call, incidents, reviews and checks of one workspace. Send an API key as a bearer token, or a session cookie with the header x-nines-workspace. Errors are RFC 9457 problem details.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'API key nk_…' },
          session: { type: 'apiKey', in: 'cookie', name: 'nines.session_token' },
        },
      },
      security: [{ key: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
  })
}

/** Serves the description; call it after the routes. */
export function serveDescription(server: FastifyInstance): void {
  server.get(OPENAPI_PATH, { schema: { hide: true } }, async () => server.swagger())
}
