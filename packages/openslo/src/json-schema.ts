import { z } from 'zod'
import { ninesKinds } from './nines/nines-kinds.ts'
import { pyrraDocument } from './pyrra/pyrra-document.ts'
import { openSloKinds } from './schema/openslo-document.ts'
import { slothFile, slothObject, slothWindows } from './sloth/sloth-documents.ts'

/** A JSON Schema of everything that `nines apply` reads, for editors that complete and check YAML while it is written. */
export function codeJsonSchema(): Record<string, unknown> {
  const formats = {
    ...openSloKinds,
    SlothFile: slothFile,
    SlothObject: slothObject,
    SlothWindows: slothWindows,
    Pyrra: pyrraDocument,
    ...ninesKinds,
  }
  const definitions = Object.entries(formats).map(([name, schema]) => {
    const { $schema: _draft, ...definition } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
    return [name, definition]
  })
  const anyOf = Object.keys(formats).map((name) => ({ $ref: `#/$defs/${name}` }))
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'SLOs as code: OpenSLO v1, Sloth, Pyrra and nines/v1',
    anyOf: [...anyOf, { type: 'array', items: { anyOf } }],
    $defs: Object.fromEntries(definitions),
  }
}
