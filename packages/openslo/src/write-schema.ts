import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { codeJsonSchema } from './json-schema.ts'

/** Where the JSON Schema stands in the repository. A test holds it equal to the formats. */
const file = path.join(import.meta.dirname, '../../../docs/slo.schema.json')
writeFileSync(file, `${JSON.stringify(codeJsonSchema(), null, 2)}\n`)
