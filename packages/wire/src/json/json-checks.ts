import { messageOf, NinesError } from '@nines/kernel'

export type JsonObject = Record<string, unknown>

/** Reads JSON of a format whose fields must have one type each; what is of another throws 'bad_request' with its path. */
export class JsonChecks {
  readonly #format: string

  /** `format` is what errors call the body, as 'Zipkin JSON'. */
  constructor(format: string) {
    this.#format = format
  }

  parse(bytes: Buffer): unknown {
    try {
      return JSON.parse(bytes.toString('utf8'))
    } catch (error) {
      throw new NinesError('bad_request', `${this.#format}: the body is not valid JSON: ${messageOf(error)}`)
    }
  }

  bad(path: string, what: string): NinesError {
    return new NinesError('bad_request', `${this.#format}: ${path} ${what}`, { issues: [{ path, message: what }] })
  }

  object(value: unknown, path: string): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.#mustBe(path, 'an object', value)
    return value as JsonObject
  }

  array(value: unknown, path: string): unknown[] {
    if (!Array.isArray(value)) throw this.#mustBe(path, 'an array', value)
    return value
  }

  string(value: unknown, path: string): string {
    if (typeof value !== 'string') throw this.#mustBe(path, 'a string', value)
    return value
  }

  /** A field that may be missing or null; then ''. */
  optionalString(object: JsonObject, key: string, path: string): string {
    const value = optional(object, key)
    return value === undefined ? '' : this.string(value, `${path}.${key}`)
  }

  optionalBoolean(object: JsonObject, key: string, path: string): boolean {
    const value = optional(object, key) ?? false
    if (typeof value !== 'boolean') throw this.#mustBe(`${path}.${key}`, 'true or false', value)
    return value
  }

  /** Whole numbers from 0 to 2^53; 0 when missing. */
  optionalCount(object: JsonObject, key: string, path: string): number {
    const value = optional(object, key) ?? 0
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw this.#mustBe(`${path}.${key}`, 'a whole number of at least 0', value)
    return value
  }

  optionalObject(object: JsonObject, key: string, path: string): JsonObject | undefined {
    const value = optional(object, key)
    return value === undefined ? undefined : this.object(value, `${path}.${key}`)
  }

  optionalArray(object: JsonObject, key: string, path: string): unknown[] {
    const value = optional(object, key)
    return value === undefined ? [] : this.array(value, `${path}.${key}`)
  }

  /** Entries of an object whose values must be strings. */
  strings(object: JsonObject, path: string): [string, string][] {
    return Object.entries(object).map(([key, value]) => [key, this.string(value, `${path}[${JSON.stringify(key)}]`)])
  }

  #mustBe(path: string, what: string, value: unknown): NinesError {
    return this.bad(path, `must be ${what}, not ${describe(value)}`)
  }
}

/** null counts as missing. */
function optional(object: JsonObject, key: string): unknown {
  return (Object.hasOwn(object, key) ? object[key] : undefined) ?? undefined
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  const text = JSON.stringify(value)
  return `${typeof value === 'string' ? 'the string ' : ''}${text.length > 60 ? `${text.slice(0, 60)}...` : text}`
}
