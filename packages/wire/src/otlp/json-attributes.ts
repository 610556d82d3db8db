import { MAX_ATTRIBUTE_DEPTH, type Attribute, type AttributeSource, type AttributeValue } from './attribute.ts'
import {
  arrayField,
  asObject,
  badField,
  booleanField,
  doubleField,
  integerField,
  objectField,
  stringField,
  type JsonObject,
} from './json-fields.ts'

/** The attributes of a JSON object. They are parsed already, so there is no cheaper key than the labels themselves. */
export function jsonAttributes(object: JsonObject, path: string, field = 'attributes'): AttributeSource {
  const attributes = arrayField(object, field, path).map((item, i) =>
    readJsonKeyValue(item, `${path}.${field}[${i}]`, 0),
  )
  return { key: () => undefined, read: () => attributes }
}

/** Decodes a KeyValue. */
export function readJsonKeyValue(item: unknown, path: string, depth: number): Attribute {
  const object = asObject(item, path)
  const value = objectField(object, 'value', path)
  return {
    key: stringField(object, 'key', path),
    value: value === undefined ? null : readJsonAnyValue(value, `${path}.value`, depth),
  }
}

/** Decodes an AnyValue of any kind. */
export function readJsonAnyValue(object: JsonObject, path: string, depth: number): AttributeValue {
  if (depth > MAX_ATTRIBUTE_DEPTH) throw badField(path, `is nested deeper than ${MAX_ATTRIBUTE_DEPTH}`)
  const has = (key: string) => object[key] !== undefined && object[key] !== null
  if (has('stringValue')) return stringField(object, 'stringValue', path)
  if (has('boolValue')) return booleanField(object, 'boolValue', path)
  if (has('intValue')) return integerField(object, 'intValue', path, 'int64')!
  if (has('doubleValue')) return doubleField(object, 'doubleValue', path)!
  if (has('bytesValue')) return Buffer.from(stringField(object, 'bytesValue', path), 'base64')
  const list = objectField(object, 'arrayValue', path)
  if (list)
    return arrayField(list, 'values', path).map((item, i) => {
      const place = `${path}.arrayValue.values[${i}]`
      return readJsonAnyValue(asObject(item, place), place, depth + 1)
    })
  const map = objectField(object, 'kvlistValue', path)
  if (!map) return null
  const entries = arrayField(map, 'values', path).map((item, i) =>
    readJsonKeyValue(item, `${path}.kvlistValue.values[${i}]`, depth + 1),
  )
  return new Map(entries.map(({ key, value }) => [key, value]))
}
