import protobuf from 'protobufjs'
import SnappyJS from 'snappyjs'

/** `io.prometheus.write.v2` as its specification gives it, without native histograms. */
const PROTO = `
syntax = "proto3";
package io.prometheus.write.v2;
message Request {
  reserved 1 to 3;
  repeated string symbols = 4;
  repeated TimeSeries timeseries = 5;
}
message TimeSeries {
  reserved 3, 6;
  repeated uint32 labels_refs = 1;
  repeated Sample samples = 2;
  repeated Exemplar exemplars = 4;
  Metadata metadata = 5;
}
message Exemplar {
  repeated uint32 labels_refs = 1;
  double value = 2;
  int64 timestamp = 3;
}
message Sample {
  double value = 1;
  int64 timestamp = 2;
  int64 start_timestamp = 3;
}
message Metadata {
  enum MetricType {
    METRIC_TYPE_UNSPECIFIED = 0;
    METRIC_TYPE_COUNTER = 1;
    METRIC_TYPE_GAUGE = 2;
    METRIC_TYPE_HISTOGRAM = 3;
    METRIC_TYPE_GAUGEHISTOGRAM = 4;
    METRIC_TYPE_SUMMARY = 5;
    METRIC_TYPE_INFO = 6;
    METRIC_TYPE_STATESET = 7;
  }
  MetricType type = 1;
  uint32 help_ref = 3;
  uint32 unit_ref = 4;
}
`
const namespace = 'io.prometheus.write.v2'
const Request = protobuf.parse(PROTO).root.lookupType(`${namespace}.Request`)
/** The same with the value's bits, which tell a stale marker from other NaNs. */
const BitsRequest = protobuf
  .parse(PROTO.replace(/(message Sample \{\s+)double/, '$1fixed64'))
  .root.lookupType(`${namespace}.Request`)

interface Raw<Value> {
  symbols: string[]
  timeseries: {
    labelsRefs: number[]
    samples: { value: Value; timestamp: number; startTimestamp: number }[]
    exemplars: { labelsRefs: number[]; value: number; timestamp: number }[]
    metadata: { type: string; helpRef: number; unitRef: number } | null
  }[]
}

/** One sample of a remote-write request, read by decoders that are not ours. */
export interface WrittenSample {
  labels: Record<string, string>
  /** The names in the order of the request. */
  labelNames: string[]
  value: number | 'stale'
  timestampMs: number
  startMs: number
  exemplar: { labels: Record<string, string>; value: number; timestampMs: number } | null
  type: string | null
  help: string
  unit: string
}

export function decodeWriteRequest(body: Uint8Array): WrittenSample[] {
  const bytes = SnappyJS.uncompress<Uint8Array>(body)
  const options = { longs: Number, enums: String, defaults: true } as const
  const { symbols, timeseries } = Request.toObject(Request.decode(bytes), options) as Raw<number>
  const bits = BitsRequest.toObject(BitsRequest.decode(bytes), { ...options, longs: String }) as Raw<string>
  if (symbols[0] !== '') throw new Error('the first symbol is not empty')
  const text = (ref: number) => {
    const symbol = symbols[ref]
    if (symbol === undefined) throw new Error(`there is no symbol ${ref}`)
    return symbol
  }
  const pairs = (refs: number[]) =>
    Array.from({ length: refs.length / 2 }, (_, i) => [text(refs[2 * i] ?? -1), text(refs[2 * i + 1] ?? -1)] as const)
  return timeseries.map(({ labelsRefs, samples, exemplars, metadata }, i) => {
    const [sample] = samples
    const [exemplar] = exemplars
    if (samples.length !== 1 || !sample) throw new Error(`${samples.length} samples in a series`)
    const isStale = BigInt(bits.timeseries[i]?.samples[0]?.value ?? 0) === 0x7ff0000000000002n
    return {
      labels: Object.fromEntries(pairs(labelsRefs)),
      labelNames: pairs(labelsRefs).map(([name]) => name),
      value: isStale ? 'stale' : sample.value,
      timestampMs: sample.timestamp,
      startMs: sample.startTimestamp,
      exemplar: exemplar
        ? {
            labels: Object.fromEntries(pairs(exemplar.labelsRefs)),
            value: exemplar.value,
            timestampMs: exemplar.timestamp,
          }
        : null,
      type: metadata?.type ?? null,
      help: text(metadata?.helpRef ?? 0),
      unit: text(metadata?.unitRef ?? 0),
    }
  })
}
