import type { TelemetrySignal } from '@nines/contracts'
import type { NinesError } from '@nines/kernel'
import { CONTENT_TYPES, encodeExportResponse, encodeStatus, type OtlpEncoding } from '@nines/wire'
import { contentEncoding, type BodyEncoding } from '../http/content-encoding.ts'
import { otlpEncoding, requireMediaType } from '../http/media-type.ts'
import type { ReadBody } from '../receive/receiver.ts'
import type { WriteFormat } from './write-format.ts'

const ENCODINGS: readonly BodyEncoding[] = ['gzip', 'zstd', 'deflate', 'identity']

/** OTLP over HTTP, specification 1.x: every refusal is a google.rpc.Status in the encoding of the request. */
export function otlpFormat(signal: TelemetrySignal, readers: Record<OtlpEncoding, ReadBody>): WriteFormat {
  return {
    signal,
    reading(headers) {
      const kind = requireMediaType(headers, ['protobuf', 'json'])
      return {
        encoding: contentEncoding(headers, ENCODINGS),
        read: readers[kind],
        answer: (outcome) => ({
          status: 200,
          headers: { 'content-type': CONTENT_TYPES[kind] },
          body: encodeExportResponse(kind, outcome, signal),
        }),
      }
    },
    refusal(error, headers) {
      // JSON for a sender that speaks neither: people read it.
      const kind = otlpEncoding(headers) ?? 'json'
      const offers: Record<string, string> =
        error.status === 415
          ? { accept: Object.values(CONTENT_TYPES).join(', '), 'accept-encoding': ENCODINGS.join(', ') }
          : {}
      return {
        status: error.status,
        headers: { 'content-type': CONTENT_TYPES[kind], ...offers },
        body: encodeStatus(kind, error.status, error.message, violationsOf(error)),
      }
    },
  }
}

/** Of bad data, what is bad about it. */
function violationsOf({ code, message, issues }: NinesError) {
  if (code !== 'bad_request') return []
  return issues.length > 0 ? issues : [{ path: '', message }]
}
