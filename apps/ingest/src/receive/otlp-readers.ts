import type { TelemetrySignal } from '@nines/contracts'
import {
  logsFromJson,
  logsFromProtobuf,
  LogsNormaliser,
  tracesFromJson,
  tracesFromProtobuf,
  TracesNormaliser,
  type MetricReader,
  type OtlpEncoding,
} from '@nines/wire'
import { readInto } from './read-into.ts'
import type { ReadBody, ReadTarget } from './receiver.ts'

export type OtlpReaders = Record<TelemetrySignal, Record<OtlpEncoding, ReadBody>>

const logs = ({ builder, now, limits }: ReadTarget) => new LogsNormaliser(builder, now, limits)
const traces = ({ builder, now, limits }: ReadTarget) => new TracesNormaliser(builder, now, limits)

/** Readers of OTLP's three signals. */
export function otlpReaders(metrics: MetricReader): OtlpReaders {
  return {
    metrics: {
      protobuf: (body, target) => metrics.otlpProtobuf(body, target),
      json: (body, target) => metrics.otlpJson(body, target),
    },
    logs: { protobuf: readInto(logs, logsFromProtobuf), json: readInto(logs, logsFromJson) },
    traces: { protobuf: readInto(traces, tracesFromProtobuf), json: readInto(traces, tracesFromJson) },
  }
}
