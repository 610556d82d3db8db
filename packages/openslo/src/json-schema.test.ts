import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { codeJsonSchema } from './json-schema.ts'

const file = path.join(import.meta.dirname, '../../../docs/slo.schema.json')

test('docs/slo.schema.json is what the formats say (npm run schema in packages/openslo writes it)', () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(codeJsonSchema())))
})

test('it knows what is required, which of several to give, and that nothing else is a field', () => {
  const { $defs } = codeJsonSchema() as { $defs: Record<string, Definition> }
  const { spec } = $defs['SLI']?.properties ?? {}
  expect(spec).toMatchObject({
    additionalProperties: false,
    oneOf: [{ required: ['thresholdMetric'] }, { required: ['ratioMetric'] }],
  })
  expect($defs['DataSource']?.properties['spec']).toMatchObject({ required: ['type', 'connectionDetails'] })
})

interface Definition {
  properties: Record<string, unknown>
}
