import protobuf from 'protobufjs'
import { compress } from 'snappyjs'

/** prometheus/prometheus, prompb/remote.proto and types.proto: as much of it as carries samples. */
const WRITE_PROTO = `
syntax = "proto3";
message WriteRequest { repeated TimeSeries timeseries = 1; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
`
const WriteRequest = protobuf.parse(WRITE_PROTO).root.lookupType('WriteRequest')

export interface RemoteWriteSeries {
  labels: Record<string, string>
  samples: { value: number; timestamp: number }[]
}

/** One series as the body of a remote write 1.0 request, made by encoders that are not ours. */
export function remoteWriteBody({ labels, samples }: RemoteWriteSeries): Uint8Array<ArrayBuffer> {
  const pairs = Object.entries(labels).map(([name, value]) => ({ name, value }))
  const sorted = pairs.sort((a, b) => (a.name < b.name ? -1 : 1))
  const request = WriteRequest.create({ timeseries: [{ labels: sorted, samples }] })
  return new Uint8Array(compress(WriteRequest.encode(request).finish()))
}
