import { readJsonAttributes } from './json-record-attributes.ts'
import { arrayField, asObject, integerField, objectField, stringField, type JsonObject } from './json-fields.ts'
import { parseJson } from './parse-json.ts'
import type { IdField, NanosField } from './record-fields.ts'
import type { RecordSource } from './record-source.ts'

const NOTHING = Buffer.alloc(0)

/** Keys of a signal's lists, outermost first. */
export type RecordKeys = readonly [resources: string, scopes: string, records: string]

/** Walks a request of logs or traces in OTLP's JSON encoding; `onRecord` reads one record of the source. */
export function walkJsonRecords(
  body: Buffer,
  [resources, scopes, records]: RecordKeys,
  source: RecordSource,
  onRecord: (record: JsonObject, path: string) => void,
): void {
  const request = asObject(parseJson(body), 'the body')
  for (const [item, path] of jsonItems(request, resources, '')) {
    source.begin(NOTHING)
    const resource = objectField(item, 'resource', path)
    if (resource) readJsonAttributes(resource, `${path}.resource`, source.attributes)
    source.endResource()
    for (const [scopeItem, scopePath] of jsonItems(item, scopes, path)) {
      source.begin(NOTHING)
      readScope(objectField(scopeItem, 'scope', scopePath), `${scopePath}.scope`, source)
      source.endScope()
      for (const [record, recordPath] of jsonItems(scopeItem, records, scopePath)) onRecord(record, recordPath)
    }
  }
}

function readScope(scope: JsonObject | undefined, path: string, source: RecordSource): void {
  if (!scope) return
  source.scopeName.setText(stringField(scope, 'name', path))
  source.scopeVersion.setText(stringField(scope, 'version', path))
  readJsonAttributes(scope, path, source.attributes)
}

/** Objects of a list, each with the path at which it stands. */
export function* jsonItems(object: JsonObject, key: string, path: string): Generator<[JsonObject, string]> {
  const prefix = path === '' ? key : `${path}.${key}`
  for (const [i, item] of arrayField(object, key, path).entries()) {
    const place = `${prefix}[${i}]`
    yield [asObject(item, place), place]
  }
}

const PLAIN_NANOS = /^\d{10,19}$/

export function readJsonNanos(object: JsonObject, key: string, path: string, into: NanosField): void {
  const text = object[key]
  // What nearly every sender writes; below 2^64, so never out of range.
  if (typeof text === 'string' && PLAIN_NANOS.test(text))
    return into.setSeconds(Number(text.slice(0, -9)), Number(text.slice(-9)))
  const nanos = integerField(object, key, path, 'uint64')
  if (nanos !== undefined) into.setBigint(nanos)
}

export function readJsonId(object: JsonObject, key: string, path: string, into: IdField): void {
  into.setHex(stringField(object, key, path))
}

export function jsonUint32(object: JsonObject, key: string, path: string): number {
  return Number(integerField(object, key, path, 'uint32') ?? 0n)
}
