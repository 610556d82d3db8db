import type { TelemetrySignal } from '@nines/contracts'
import {
  logsFromJson,
  logsFromProtobuf,
  LogsNormaliser,
  metricsFromJson,
  metricsFromProtobuf,
  MetricsNormaliser,
  tracesFromJson,
  tracesFromProtobuf,
  TracesNormaliser,
  type IngestOutcome,
  type OtlpEncoding,
  type SeriesCache,
} from '@nines/wire'
import type { ReadBody, ReadTarget } from './receiver.ts'

export type OtlpReaders = Record<TelemetrySignal, Record<OtlpEncoding, ReadBody>>

/** Readers of OTLP's three signals. */
export function otlpReaders(cache: SeriesCache): OtlpReaders {
  const metrics = ({ builder, now }: ReadTarget) => new MetricsNormaliser(builder, cache, now)
  const logs = ({ builder, now }: ReadTarget) => new LogsNormaliser(builder, now)
  const traces = ({ builder, now }: ReadTarget) => new TracesNormaliser(builder, now)
  return {
    metrics: { protobuf: reader(metrics, metricsFromProtobuf), json: reader(metrics, metricsFromJson) },
    logs: { protobuf: reader(logs, logsFromProtobuf), json: reader(logs, logsFromJson) },
    traces: { protobuf: reader(traces, tracesFromProtobuf), json: reader(traces, tracesFromJson) },
  }
}

function reader<N extends { outcome(): IngestOutcome }>(
  normaliserOf: (target: ReadTarget) => N,
  read: (body: Buffer, normaliser: N) => void,
): ReadBody {
  return (body, target) => {
    const normaliser = normaliserOf(target)
    read(body, normaliser)
    return normaliser.outcome()
  }
}
