import type { IncomingHttpHeaders } from 'node:http'
import type { MetricReader, RemoteWriteOutcome } from '@nines/wire'
import { contentEncoding, type BodyEncoding } from '../http/content-encoding.ts'
import { mediaType, unsupportedType } from '../http/media-type.ts'
import type { Answer, WriteFormat } from './write-format.ts'

const TYPE = 'application/x-protobuf'
/** Messages by the `proto` parameter of the content type; version 1.0 is what a sender means that gives none. */
const VERSIONS: Record<string, 1 | 2> = {
  '': 1,
  'prometheus.writerequest': 1,
  'io.prometheus.write.v2.request': 2,
}
const ACCEPTED = `${TYPE};proto=prometheus.WriteRequest or ${TYPE};proto=io.prometheus.write.v2.Request`
const ENCODINGS: readonly BodyEncoding[] = ['snappy']
const NOTHING: RemoteWriteOutcome['written'] = { samples: 0, histograms: 0, exemplars: 0 }

/**
 * Prometheus remote write 1.0 and 2.0 (https://prometheus.io/docs/specs/prw/). What is refused in part is 400 with the
 * rest kept, which the sender does not repeat; version 2.0 learns from headers how much was kept.
 */
export function remoteWriteFormat(metrics: MetricReader): WriteFormat {
  return {
    signal: 'metrics',
    reading(headers) {
      const version = versionOf(headers)
      if (version === undefined) throw unsupportedType(headers, ACCEPTED)
      let written = NOTHING
      return {
        // The first senders of version 1.0 do not name it.
        encoding: headers['content-encoding'] === undefined ? 'snappy' : contentEncoding(headers, ENCODINGS),
        read: (body, target) => {
          const outcome = version === 1 ? metrics.remoteWrite1(body, target) : metrics.remoteWrite2(body, target)
          written = outcome.written
          return outcome
        },
        answer: ({ rejected, message }) => {
          const counts = version === 2 ? writtenHeaders(written) : {}
          return rejected === 0 ? { status: 204, headers: counts, body: '' } : text(400, message, counts)
        },
      }
    },
    refusal(error, headers) {
      const counts = versionOf(headers) === 2 ? writtenHeaders(NOTHING) : {}
      const offers: Record<string, string> =
        error.status === 415 ? { accept: ACCEPTED.replace(' or ', ', '), 'accept-encoding': 'snappy' } : {}
      return text(error.status, error.message, { ...counts, ...offers })
    },
  }
}

function versionOf(headers: IncomingHttpHeaders): 1 | 2 | undefined {
  if (mediaType(headers) !== TYPE) return undefined
  const parameter = /;\s*proto\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? ''
  return VERSIONS[parameter.toLowerCase()]
}

function writtenHeaders({ samples, histograms, exemplars }: RemoteWriteOutcome['written']): Record<string, string> {
  return {
    'x-prometheus-remote-write-samples-written': String(samples),
    'x-prometheus-remote-write-histograms-written': String(histograms),
    'x-prometheus-remote-write-exemplars-written': String(exemplars),
  }
}

/** Remote write's senders log the body of a refusal as it is. */
function text(status: number, message: string, headers: Record<string, string>): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${message}\n` }
}
