import { codeJsonSchema } from '@nines/openslo'
import type { FastifyInstance } from 'fastify'

export const SLO_SCHEMA_PATH = '/api/slo.schema.json'

/** Serves the JSON Schema of SLOs as code to editors, which bring no credentials and may ask from another origin. */
export function serveSloSchema(server: FastifyInstance): void {
  const schema = JSON.stringify(codeJsonSchema())
  server.get(SLO_SCHEMA_PATH, { schema: { hide: true } }, async (_request, reply) => {
    void reply
      .type('application/schema+json; charset=utf-8')
      .header('cache-control', 'public, max-age=300')
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
    return schema
  })
}
