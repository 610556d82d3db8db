import { readFileSync } from 'node:fs'
import path from 'node:path'
import { apiRoutes } from '@nines/contracts'
import { expect, test } from 'vitest'
import { openApiDocument } from './openapi.ts'

const file = path.join(import.meta.dirname, '../../../../docs/openapi.json')

test('docs/openapi.json is what the contracts say (npm run openapi in apps/api writes it)', async () => {
  const document: unknown = JSON.parse(JSON.stringify(await openApiDocument()))
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(document)
})

test('every operation is described with its answer, its problems and who may call it', async () => {
  const { paths } = (await openApiDocument()) as { paths: Record<string, Record<string, Operation>> }
  for (const route of apiRoutes) {
    const operation = paths[route.path.replace(':id', '{id}')]?.[route.method.toLowerCase()]
    expect(operation, route.id).toMatchObject({ operationId: route.id, summary: route.summary })
    const types = ['application/json', ...(route.alternatives ?? [])]
    expect(Object.keys(operation?.responses['200']?.content ?? {}), route.id).toEqual(types)
    expect(Object.keys(operation?.responses.default?.content ?? {}), route.id).toEqual(['application/problem+json'])
    expect(operation?.requestBody !== undefined, route.id).toBe(route.body !== undefined)
    if (route.access === 'public') expect(operation?.security, route.id).toEqual([])
  }
})

interface Operation {
  responses: Record<string, { content?: Record<string, unknown> }>
  requestBody?: unknown
  security?: unknown
}
