import {
  metricsFromJson,
  metricsFromProtobuf,
  MetricsNormaliser,
  type OtlpEncoding,
  type SeriesCache,
} from '@nines/wire'
import type { ReadBody } from './receiver.ts'

/** Readers of OTLP metrics. */
export function metricReaders(cache: SeriesCache): Record<OtlpEncoding, ReadBody> {
  const reader =
    (read: typeof metricsFromJson): ReadBody =>
    (body, { builder, now }) => {
      const normaliser = new MetricsNormaliser(builder, cache, now)
      read(body, normaliser)
      return normaliser.outcome()
    }
  return { protobuf: reader(metricsFromProtobuf), json: reader(metricsFromJson) }
}
