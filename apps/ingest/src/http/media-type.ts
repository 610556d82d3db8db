import type { IncomingHttpHeaders } from 'node:http'
import { NinesError } from '@nines/kernel'
import { CONTENT_TYPES, type OtlpEncoding } from '@nines/wire'

/** Encoding of the body by its content type; undefined for every other type. */
export function otlpEncoding(headers: IncomingHttpHeaders): OtlpEncoding | undefined {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === CONTENT_TYPES.protobuf) return 'protobuf'
  return type === CONTENT_TYPES.json ? 'json' : undefined
}

/** Throws 'unsupported_media_type' unless the body has one of the accepted types. */
export function requireMediaType(headers: IncomingHttpHeaders, accepted: OtlpEncoding[]): void {
  const encoding = otlpEncoding(headers)
  if (encoding && accepted.includes(encoding)) return
  const names = accepted.map((name) => CONTENT_TYPES[name]).join(' or ')
  const given = headers['content-type'] === undefined ? 'none' : JSON.stringify(headers['content-type'].slice(0, 100))
  throw new NinesError('unsupported_media_type', `the content type must be ${names}, not ${given}`)
}

/** How the body is compressed. Throws 'unsupported_media_type' for anything but gzip and identity. */
export function contentEncoding(headers: IncomingHttpHeaders): 'gzip' | 'identity' {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '') return 'identity'
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip'
  const given = JSON.stringify(encoding.slice(0, 100))
  throw new NinesError('unsupported_media_type', `the content encoding must be gzip or identity, not ${given}`)
}
