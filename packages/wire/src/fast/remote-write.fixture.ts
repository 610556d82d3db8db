import { bytes, double, integer, message, varint } from './protobuf-writer.fixture.ts'

export interface WrittenSample {
  /** A number, or its bits. */
  value: number | bigint
  at: number
  start?: number
}

export interface WrittenSeries {
  labels: [string, string][]
  samples: WrittenSample[]
  /** Contents of messages that the fast path does not read. */
  exemplars?: Buffer[]
  histograms?: Buffer[]
  /** Version 2. */
  type?: number
  created?: number
}

/** A time that both tests and decoders take for now, epoch ms. */
export const NOW = 1_790_000_000_000

export function seriesNamed(name: string, samples: WrittenSample[], more: Partial<WrittenSeries> = {}): WrittenSeries {
  return {
    labels: [
      ['__name__', 'http_requests_total'],
      ['instance', name],
      ['route', '/api/v1/orders/{id}'],
    ],
    samples,
    ...more,
  }
}

const sample = ({ value, at, start }: WrittenSample) =>
  message(2, [double(1, value), integer(2, at), ...(start === undefined ? [] : [integer(3, start)])])

/** The parts of a version 1 TimeSeries, each one or several fields. */
export function partsOf1(series: WrittenSeries): Buffer[] {
  return [
    Buffer.concat(series.labels.map(([name, value]) => message(1, [bytes(1, name), bytes(2, value)]))),
    ...series.samples.map(sample),
    ...(series.exemplars ?? []).map((content) => bytes(3, content)),
    ...(series.histograms ?? []).map((content) => bytes(4, content)),
  ]
}

export function writeRequest1(series: WrittenSeries[]): Buffer {
  return Buffer.concat(series.map((each) => message(1, partsOf1(each))))
}

/** Collects the strings of a version 2 request; number 0 is the empty one. */
export class SymbolTable {
  readonly #refs = new Map([['', 0]])

  ref(text: string): number {
    const known = this.#refs.get(text) ?? this.#refs.size
    this.#refs.set(text, known)
    return known
  }

  fields(): Buffer[] {
    return [...this.#refs.keys()].map((text) => bytes(4, text))
  }
}

/** The parts of a version 2 TimeSeries. */
export function partsOf2(series: WrittenSeries, symbols: SymbolTable): Buffer[] {
  const refs = series.labels.flat().map((text) => varint(symbols.ref(text)))
  const metadata = [integer(1, series.type ?? 0), integer(3, symbols.ref('help')), integer(4, symbols.ref('By'))]
  return [
    bytes(1, Buffer.concat(refs)),
    ...series.samples.map(sample),
    ...(series.histograms ?? []).map((content) => bytes(3, content)),
    ...(series.exemplars ?? []).map((content) => bytes(4, content)),
    ...(series.type === undefined ? [] : [message(5, metadata)]),
    ...(series.created === undefined ? [] : [integer(6, series.created)]),
  ]
}

export function writeRequest2(series: WrittenSeries[]): Buffer {
  const symbols = new SymbolTable()
  const messages = series.map((each) => message(5, partsOf2(each, symbols)))
  return Buffer.concat([...symbols.fields(), ...messages])
}

/** Snappy without compressing anything: literals of up to 64 KiB. */
export function stored(raw: Buffer): Buffer {
  const parts: Buffer[] = [varint(raw.length)]
  for (let at = 0; at < raw.length; at += 65_536) {
    const part = raw.subarray(at, at + 65_536)
    const less = part.length - 1
    parts.push(Buffer.from([61 << 2, less & 255, less >> 8]), part)
  }
  return Buffer.concat(parts)
}
