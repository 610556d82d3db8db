import { ByteWriter } from './byte-writer.ts'
import type { LoadBatch } from './load-batch.ts'
import { compressPatchable } from './patchable-snappy.ts'

export const REMOTE_WRITE_PATH = '/api/v1/write'
export const REMOTE_WRITE_HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
}

/** Value (8 bytes), tag of the timestamp (1), timestamp as a varint of six bytes: any time from 2006 to 2109. */
const PATCHED_BYTES = 15
const VALUE_TO_TIME = 9

/** Values of the series of one request, in their order. */
export interface SteppedValues {
  readonly values: Float64Array
  /** Moves every value on by one step. */
  step(): void
}

/** A request of remote write 1.0 with one sample of each series, and how many bytes it was before compression. */
export function remoteWriteBatch(
  series: readonly (readonly (readonly [name: string, value: string])[])[],
  values: SteppedValues,
): { batch: LoadBatch; plain: number } {
  const request = new ByteWriter()
  for (const labels of series) request.message(1, timeSeries(labels))
  const plain = request.finish()
  const { bytes, offsets } = compressPatchable(plain, request.places('value'), PATCHED_BYTES)
  return { batch: new RemoteWriteBatch(bytes, offsets, values), plain: plain.length }
}

/** prometheus.TimeSeries with its labels in order and room for one sample. */
function timeSeries(labels: readonly (readonly [name: string, value: string])[]): ByteWriter {
  const message = new ByteWriter()
  for (const [name, value] of labels.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
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
  readonly #values: SteppedValues
  readonly #view: DataView

  constructor(body: Buffer, offsets: Uint32Array, values: SteppedValues) {
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
