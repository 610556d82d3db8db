import { NinesError } from '@nines/kernel'

export type JsonObject = Record<string, unknown>

/** Refusal of a JSON value, naming where it stands. */
export function badField(path: string, what: string): NinesError {
  return new NinesError('bad_request', `OTLP JSON: ${path} ${what}`, { issues: [{ path, message: what }] })
}

/** A field that may be missing; null counts as missing, as in protobuf's JSON mapping. */
function fieldOf(object: JsonObject, key: string): unknown {
  const value = Object.hasOwn(object, key) ? object[key] : undefined
  return value === null ? undefined : value
}

export function asObject(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badField(path, `must be an object, not ${describe(value)}`)
  return value as JsonObject
}

export function objectField(object: JsonObject, key: string, path: string): JsonObject | undefined {
  const value = fieldOf(object, key)
  return value === undefined ? undefined : asObject(value, `${path}.${key}`)
}

export function arrayField(object: JsonObject, key: string, path: string): unknown[] {
  const value = fieldOf(object, key)
  if (value === undefined) return []
  if (!Array.isArray(value)) throw badField(`${path}.${key}`, `must be an array, not ${describe(value)}`)
  return value
}

/** The objects of an array with the place of each. */
export function* objectItems(object: JsonObject, key: string, path: string): Generator<[JsonObject, string]> {
  const prefix = path === '' ? key : `${path}.${key}`
  for (const [i, item] of arrayField(object, key, path).entries()) {
    const place = `${prefix}[${i}]`
    yield [asObject(item, place), place]
  }
}

export function stringField(object: JsonObject, key: string, path: string): string {
  const value = fieldOf(object, key) ?? ''
  if (typeof value !== 'string') throw badField(`${path}.${key}`, `must be a string, not ${describe(value)}`)
  return value
}

export function booleanField(object: JsonObject, key: string, path: string): boolean {
  const value = fieldOf(object, key) ?? false
  if (typeof value !== 'boolean') throw badField(`${path}.${key}`, `must be true or false, not ${describe(value)}`)
  return value
}

/** OTLP allows enums as integers only, not by name. */
export function enumField(object: JsonObject, key: string, path: string): number {
  const value = fieldOf(object, key) ?? 0
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw badField(`${path}.${key}`, `must be an integer enum value, not ${describe(value)}`)
  return value
}

/** A number, also as a string with protobuf's words for what JSON cannot write. undefined when missing. */
export function doubleField(object: JsonObject, key: string, path: string): number | undefined {
  const value = fieldOf(object, key)
  return value === undefined ? undefined : toDouble(value, `${path}.${key}`)
}

export function toDouble(value: unknown, path: string): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && /^(NaN|-?Infinity|[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)$/.test(value))
    return Number(value)
  throw badField(path, `must be a number, not ${describe(value)}`)
}

/** A 64-bit integer as a number or a string. undefined when missing. */
export function integerField(object: JsonObject, key: string, path: string, type: IntegerType): bigint | undefined {
  const value = fieldOf(object, key)
  return value === undefined ? undefined : toInteger(value, `${path}.${key}`, type)
}

export type IntegerType = 'int64' | 'uint64' | 'uint32' | 'int32'

const RANGES: Record<IntegerType, readonly [bigint, bigint]> = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
}

export function toInteger(value: unknown, path: string, type: IntegerType): bigint {
  const integer = parseInteger(value)
  if (integer === undefined) throw badField(path, `must be an integer, as a number or a string, not ${describe(value)}`)
  const [least, most] = RANGES[type]
  if (integer < least || integer > most) throw badField(path, `does not fit into ${type}`)
  return integer
}

function parseInteger(value: unknown): bigint | undefined {
  if (typeof value === 'string') return /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  const text = JSON.stringify(value) ?? 'nothing'
  return `${typeof value === 'string' ? 'the string ' : ''}${text.length > 60 ? `${text.slice(0, 60)}...` : text}`
}
