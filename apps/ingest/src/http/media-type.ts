import type { IncomingHttpHeaders } from 'node:http'
import { NinesError } from '@nines/kernel'
import { CONTENT_TYPES, type OtlpEncoding } from '@nines/wire'

/** Encoding of the body by its content type; undefined for every other type. */
export function otlpEncoding(headers: IncomingHttpHeaders): OtlpEncoding | undefined {
  const type = mediaType(headers)
  if (type === CONTENT_TYPES.protobuf) return 'protobuf'
  return type === CONTENT_TYPES.json ? 'json' : undefined
}

/** The encoding of the body. Throws 'unsupported_media_type' unless it has one of the accepted types. */
export function requireMediaType(headers: IncomingHttpHeaders, accepted: OtlpEncoding[]): OtlpEncoding {
  const encoding = otlpEncoding(headers)
  if (encoding && accepted.includes(encoding)) return encoding
  throw unsupportedType(headers, accepted.map((name) => CONTENT_TYPES[name]).join(' or '))
}

/** The media type without parameters, in lower case; empty when none is given. */
export function mediaType(headers: IncomingHttpHeaders): string {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

export function unsupportedType(headers: IncomingHttpHeaders, accepted: string): NinesError {
  const given = headers['content-type'] === undefined ? 'none' : JSON.stringify(headers['content-type'].slice(0, 100))
  return new NinesError('unsupported_media_type', `the content type must be ${accepted}, not ${given}`)
}
