import { ByteWriter } from './byte-writer.ts'
import type { Load, LoadBatch } from './load-batch.ts'
import { compressPatchable } from './patchable-snappy.ts'
import { SampleValues } from './sample-values.ts'
import { benchSeries, type BenchSeries, type SampleKind } from './series-labels.ts'

/** Value (8 bytes), tag of the timestamp (1), timestamp as a varint of six bytes: any time from 2006 to 2109. */
const PATCHED_BYTES = 15
const VALUE_TO_TIME = 9

/** Remote write 1.0: `series` series, one sample of each at a time, `samplesPerRequest` of them in a request. */
export function remoteWriteLoad(series: number, samplesPerRequest: number): Load {
  const batches: LoadBatch[] = []
  let plainBytes = 0
  for (let from = 0; from < series; from += samplesPerRequest) {
    const { batch, plain } = makeBatch(from, Math.min(samplesPerRequest, series - from))
    batches.push(batch)
    plainBytes += plain
  }
  return {
    signal: 'samples',
    stepMs: 15_000,
    path: '/api/v1/write',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    batches,
    sentBytes: batches.reduce((sum, b) => sum + b.body.length, 0),
    plainBytes,
  }
}

function makeBatch(from: number, rows: number): { batch: LoadBatch; plain: number } {
  const request = new ByteWriter()
  const kinds: SampleKind[] = []
  for (let i = 0; i < rows; i++) {
    const series = benchSeries(from + i)
    kinds.push(series.kind)
    request.message(1, timeSeries(series))
  }
  const plain = request.finish()
  const { bytes, offsets } = compressPatchable(plain, request.places('value'), PATCHED_BYTES)
  return { batch: new RemoteWriteBatch(bytes, offsets, new SampleValues(kinds, from)), plain: plain.length }
}

/** prometheus.TimeSeries with its labels in order and room for one sample. */
function timeSeries(series: BenchSeries): ByteWriter {
  const message = new ByteWriter()
  const labels = [['__name__', series.metric] as const, ...series.pod, ...series.own]
  labels.sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, value] of labels) {
    const label = new ByteWriter()
    label.string(1, name)
    label.string(2, value)
    message.message(1, label)
  }
  const sample = new ByteWriter()
  sample.double(1, 0, 'value')
  sample.tag(2, 0)
  sample.raw(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0]))
  message.message(2, sample)
  return message
}

class RemoteWriteBatch implements LoadBatch {
  readonly body: Buffer
  readonly rows: number
  readonly #offsets: Uint32Array
  readonly #values: SampleValues
  readonly #view: DataView

  constructor(body: Buffer, offsets: Uint32Array, values: SampleValues) {
    this.body = body
    this.rows = offsets.length
    this.#offsets = offsets
    this.#values = values
    this.#view = new DataView(body.buffer, body.byteOffset, body.length)
  }

  advance(atMs: number): void {
    this.#values.step()
    const { values } = this.#values
    const time = sixByteVarint(atMs)
    for (let i = 0; i < this.#offsets.length; i++) {
      const at = this.#offsets[i] ?? 0
      this.#view.setFloat64(at, values[i] ?? 0, true)
      for (let k = 0; k < 6; k++) this.body[at + VALUE_TO_TIME + k] = time[k] ?? 0
    }
  }
}

function sixByteVarint(value: number): Uint8Array {
  const bytes = new Uint8Array(6)
  let rest = value
  for (let k = 0; k < 6; k++) {
    bytes[k] = (rest % 128) | (k < 5 ? 128 : 0)
    rest = Math.floor(rest / 128)
  }
  return bytes
}
