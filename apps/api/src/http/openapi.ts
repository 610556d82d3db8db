import swagger from '@fastify/swagger'
import { apiRoutes } from '@nines/contracts'
import Fastify, { type FastifyInstance } from 'fastify'
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { namedSchemas } from './named-schemas.ts'
import { operationSchema } from './operation-schema.ts'

const nameSchemas = createJsonSchemaTransformObject({ schemaRegistry: namedSchemas })

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
    transform: createJsonSchemaTransform({ schemaRegistry: namedSchemas }),
    transformObject: (input) => withoutUnused(nameSchemas(input)),
  })
}

/** Serves the description; call it after the routes. */
export function serveDescription(server: FastifyInstance): void {
  server.get(OPENAPI_PATH, { schema: { hide: true } }, async () => server.swagger())
}

/** The description on its own, made from the contracts without a store or a handler. */
export async function openApiDocument(): Promise<object> {
  const server = Fastify()
  server.setValidatorCompiler(validatorCompiler)
  server.setSerializerCompiler(serializerCompiler)
  await describeApi(server)
  for (const route of apiRoutes)
    server.route({ method: route.method, url: route.path, schema: operationSchema(route), handler: () => undefined })
  await server.ready()
  return server.swagger()
}

interface Described {
  components?: { schemas?: Record<string, unknown> }
  paths?: unknown
}

/** Every named schema comes in a form for requests and one for answers; most are used in one of them. */
function withoutUnused<T extends object>(description: T): T {
  const { components, paths } = description as Described
  const schemas = { ...components?.schemas }
  const isUsed = (name: string) => {
    const others = Object.entries(schemas).filter(([other]) => other !== name)
    return JSON.stringify([paths, others]).includes(`"#/components/schemas/${name}"`)
  }
  for (let unused; (unused = Object.keys(schemas).filter((name) => !isUsed(name))).length > 0;)
    for (const name of unused) delete schemas[name]
  return { ...description, components: { ...components, schemas } }
}
