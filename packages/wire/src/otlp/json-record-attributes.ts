import type { AttributeMap } from './attribute-map.ts'
import { labelText } from './attribute.ts'
import { readJsonKeyValue } from './json-attributes.ts'
import { arrayField, type JsonObject } from './json-fields.ts'

/** Reads the attributes of a JSON object into a map. */
export function readJsonAttributes(object: JsonObject, path: string, into: AttributeMap): void {
  const list = arrayField(object, 'attributes', path)
  for (let i = 0; i < list.length; i++) {
    if (readPlain(list[i], into)) continue
    const { key, value } = readJsonKeyValue(list[i], `${path}.attributes[${i}]`, 0)
    into.keyText(key)
    into.valueText(labelText(value))
    into.add()
  }
}

interface Plain {
  key?: unknown
  value?: { stringValue?: unknown } | null
}

/** Reads what most attributes are, a key with a string, without the path that only an error needs. */
function readPlain(item: unknown, into: AttributeMap): boolean {
  if (typeof item !== 'object' || item === null) return false
  const { key, value } = item as Plain
  const text = value?.stringValue
  if (typeof key !== 'string' || typeof text !== 'string') return false
  into.keyText(key)
  into.valueText(text)
  into.add()
  return true
}
