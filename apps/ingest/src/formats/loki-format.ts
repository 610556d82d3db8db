import { lokiFromJson, lokiFromProtobuf, LogsNormaliser, type MetricReader } from '@nines/wire'
import { contentEncoding, type BodyEncoding } from '../http/content-encoding.ts'
import { mediaType, unsupportedType } from '../http/media-type.ts'
import { readInto } from '../receive/read-into.ts'
import type { ReadBody, ReadTarget } from '../receive/receiver.ts'
import type { WriteFormat } from './write-format.ts'

const PROTOBUF = 'application/x-protobuf'
const JSON_TYPE = 'application/json'
const JSON_ENCODINGS: readonly BodyEncoding[] = ['gzip', 'zstd', 'deflate', 'identity']
const PROTOBUF_ENCODINGS: readonly BodyEncoding[] = ['snappy']

const normaliserOf = ({ builder, now, limits }: ReadTarget) => new LogsNormaliser(builder, now, limits)

/**
 * Loki's push API (https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs): protobuf, which is
 * always compressed by snappy whether a header says so or not, and JSON. 400 also where only some entries are refused.
 */
export function lokiFormat(metrics: Pick<MetricReader, 'decompress'>): WriteFormat {
  const readPlain = readInto(normaliserOf, lokiFromProtobuf)
  const readProtobuf: ReadBody = (body, target) => readPlain(metrics.decompress(body, target.plainBytes), target)
  const readJson = readInto(normaliserOf, lokiFromJson)
  return {
    signal: 'logs',
    reading(headers) {
      const type = mediaType(headers)
      if (type !== JSON_TYPE && type !== PROTOBUF && type !== '')
        throw unsupportedType(headers, `${PROTOBUF} or ${JSON_TYPE}`)
      const isJson = type === JSON_TYPE
      const isUnnamed = headers['content-encoding'] === undefined && !isJson
      return {
        encoding: isUnnamed ? 'snappy' : contentEncoding(headers, isJson ? JSON_ENCODINGS : PROTOBUF_ENCODINGS),
        read: isJson ? readJson : readProtobuf,
        answer: ({ rejected, message }) =>
          rejected === 0
            ? { status: 204, headers: {}, body: '' }
            : { status: 400, headers: textHeaders(), body: `${message}\n` },
      }
    },
    refusal: (error) => ({ status: error.status, headers: textHeaders(), body: `${error.message}\n` }),
  }
}

const textHeaders = (): Record<string, string> => ({ 'content-type': 'text/plain; charset=utf-8' })
