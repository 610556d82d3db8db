import type { IncomingHttpHeaders } from 'node:http'
import { NinesError } from '@nines/kernel'

/** How a body may be compressed. `snappy` is the block format of remote write and Loki, not the framed one. */
export type BodyEncoding = 'identity' | 'gzip' | 'zstd' | 'deflate' | 'snappy'

const NAMES: Record<string, BodyEncoding> = {
  '': 'identity',
  identity: 'identity',
  // OTLP's name for it.
  none: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  zstd: 'zstd',
  deflate: 'deflate',
  snappy: 'snappy',
}

/** Throws 'unsupported_media_type' for an encoding that is not accepted, and for several at once. */
export function contentEncoding(headers: IncomingHttpHeaders, accepted: readonly BodyEncoding[]): BodyEncoding {
  const given = headers['content-encoding']?.trim().toLowerCase() ?? ''
  const encoding = NAMES[given]
  if (encoding && accepted.includes(encoding)) return encoding
  throw new NinesError(
    'unsupported_media_type',
    `the content encoding must be ${listOf(accepted)}, not ${JSON.stringify(given.slice(0, 100))}`,
  )
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
