import { TracesNormaliser, zipkinFromJson } from '@nines/wire'
import { contentEncoding, type BodyEncoding } from '../http/content-encoding.ts'
import { requireMediaType } from '../http/media-type.ts'
import { readInto } from '../receive/read-into.ts'
import type { ReadTarget } from '../receive/receiver.ts'
import type { WriteFormat } from './write-format.ts'

const ENCODINGS: readonly BodyEncoding[] = ['gzip', 'zstd', 'deflate', 'identity']

const read = readInto(
  ({ builder, now, limits }: ReadTarget) => new TracesNormaliser(builder, now, limits),
  zipkinFromJson,
)

/** Zipkin's API v2 (https://zipkin.io/zipkin-api/): spans in JSON. 202 with the reasons where some spans are refused. */
export function zipkinFormat(): WriteFormat {
  return {
    signal: 'traces',
    reading(headers) {
      requireMediaType(headers, ['json'])
      return {
        encoding: contentEncoding(headers, ENCODINGS),
        read,
        answer: ({ message }) =>
          message === ''
            ? { status: 202, headers: {}, body: '' }
            : { status: 202, headers: textHeaders(), body: `${message}\n` },
      }
    },
    refusal: (error) => ({ status: error.status, headers: textHeaders(), body: `${error.message}\n` }),
  }
}

const textHeaders = (): Record<string, string> => ({ 'content-type': 'text/plain; charset=utf-8' })
