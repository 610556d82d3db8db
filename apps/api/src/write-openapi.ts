import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { openApiDocument } from './http/openapi.ts'

/** Where the description of the API stands in the repository. A test holds it equal to the contracts. */
const file = path.join(import.meta.dirname, '../../../docs/openapi.json')
writeFileSync(file, `${JSON.stringify(await openApiDocument(), null, 2)}\n`)
