import type { Clock } from '@nines/kernel'
import {
  CONTENT_TYPES,
  encodeExportResponse,
  metricsFromJson,
  metricsFromProtobuf,
  MetricsNormaliser,
  type SeriesCache,
} from '@nines/wire'
import type { FastifyInstance } from 'fastify'
import type { KeyDirectory } from '../auth/key-directory.ts'
import type { BlockBatcher } from '../batch/block-batcher.ts'
import type { IngestMeters } from '../ingest-meters.ts'
import { otlpEncoding } from '../http/media-type.ts'
import { rawBodyOf } from '../http/raw-body.ts'
import { senderHooks, senderOf } from '../http/sender-route.ts'

export interface MetricsRouteOptions {
  keys: KeyDirectory
  batcher: BlockBatcher
  cache: SeriesCache
  clock: Clock
  meters: IngestMeters
}

/** POST /v1/metrics: OTLP over HTTP. A 2xx means that the accepted points are in the block stream. */
export function registerMetrics(server: FastifyInstance, options: MetricsRouteOptions): void {
  const { keys, batcher, cache, clock, meters } = options
  server.post('/v1/metrics', { onRequest: senderHooks(keys, ['protobuf', 'json']) }, async (request, reply) => {
    const encoding = otlpEncoding(request.headers) ?? 'protobuf'
    const read = encoding === 'json' ? metricsFromJson : metricsFromProtobuf
    const { result, stored } = batcher.add(senderOf(request).workspaceNumber, (builder) => {
      const normaliser = new MetricsNormaliser(builder, cache, clock.now())
      read(rawBodyOf(request), normaliser)
      return normaliser.outcome()
    })
    await stored
    meters.rows('metrics', result)
    return reply.type(CONTENT_TYPES[encoding]).send(encodeExportResponse(encoding, result))
  })
}
