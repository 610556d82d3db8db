import SnappyJS from 'snappyjs'
import type { Label, MetricType } from '../exposition/exposition.ts'
import { ProtobufWriter } from './protobuf-writer.ts'
import { STALE, type WriteSeries } from './write-series.ts'

const STALE_BITS = 0x7ff0000000000002n
const TYPES: Record<MetricType, number> = {
  unknown: 0,
  counter: 1,
  gauge: 2,
  histogram: 3,
  gaugehistogram: 4,
  summary: 5,
  info: 6,
  stateset: 7,
}

/** The body of a request: `io.prometheus.write.v2.Request`, compressed as one snappy block. */
export function encodeWriteRequest(series: readonly WriteSeries[]): Uint8Array {
  const symbols = new Symbols()
  const timeseries = new ProtobufWriter()
  for (const one of series) timeseries.message(5, () => writeSeries(timeseries, one, symbols))
  const request = Buffer.concat([symbols.encoded(), timeseries.bytes()])
  return SnappyJS.compress<Uint8Array>(request)
}

function writeSeries(writer: ProtobufWriter, series: WriteSeries, symbols: Symbols): void {
  writer.packedUints(1, symbols.refs(series.labels))
  writer.message(2, () => {
    if (series.value === STALE) writer.doubleBits(1, STALE_BITS)
    else writer.double(1, series.value)
    writer.int64(2, series.timestampMs)
    writer.int64(3, series.startMs ?? 0)
  })
  const { exemplar, metadata } = series
  if (exemplar)
    writer.message(4, () => {
      writer.packedUints(1, symbols.refs(exemplar.labels))
      writer.double(2, exemplar.value)
      writer.int64(3, exemplar.timestampMs)
    })
  if (metadata)
    writer.message(5, () => {
      writer.uint(1, TYPES[metadata.type])
      writer.uint(3, symbols.ref(metadata.help))
      writer.uint(4, symbols.ref(metadata.unit))
    })
}

/** Every text of a request once; the first is empty, so that the reference 0 means none. */
class Symbols {
  readonly #refs = new Map<string, number>([['', 0]])

  ref(text: string): number {
    const known = this.#refs.get(text)
    if (known !== undefined) return known
    const ref = this.#refs.size
    this.#refs.set(text, ref)
    return ref
  }

  refs(labels: readonly Label[]): number[] {
    return labels.flatMap(([name, value]) => [this.ref(name), this.ref(value)])
  }

  encoded(): Buffer {
    const writer = new ProtobufWriter()
    for (const text of this.#refs.keys()) writer.string(4, text)
    return writer.bytes()
  }
}
