import type { AttributeMap } from './attribute-map.ts'
import { labelText } from './attribute.ts'
import { jsonAttributes } from './json-attributes.ts'
import type { JsonObject } from './json-fields.ts'

/** Reads the attributes of a JSON object into a map. */
export function readJsonAttributes(object: JsonObject, path: string, into: AttributeMap): void {
  for (const { key, value } of jsonAttributes(object, path).read()) {
    into.keyText(key)
    into.valueText(labelText(value))
    into.add()
  }
}
