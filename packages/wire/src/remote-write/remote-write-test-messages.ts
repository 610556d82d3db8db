import type { NativeSide } from './native-histogram.ts'
import {
  bytes,
  double,
  fixed,
  inOrder,
  joinFields,
  packedDoubles,
  packedVarints,
  varintField,
  zigzag,
  type Field,
  type FieldOrder,
} from '../otlp/protobuf-test-writer.ts'

/** A remote-write request as plain data, for tests that write it in both versions. */
export interface TestSample {
  at: number
  /** A double as its bits. */
  bits: bigint
  start?: number
}
export interface TestNative {
  at: number
  start?: number
  isFloat?: boolean
  count: number
  sum: number | bigint
  schema: number
  zeroThreshold?: number
  zeroCount?: number
  negative?: NativeSide
  positive?: NativeSide
  resetHint?: number
  customValues?: number[]
}
export interface TestExemplar {
  labels: [string, string][]
  at: number
  value: number
}
export interface TestSeries {
  labels: [string, string][]
  samples?: TestSample[]
  histograms?: TestNative[]
  exemplars?: TestExemplar[]
  /** Version 2 only. */
  type?: number
  unit?: string
  help?: string
}

export function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0]!
}

export const NO_SIDE: NativeSide = { spans: [], deltas: [], counts: [] }

/** A prometheus.WriteRequest, written by hand from prompb/remote.proto and types.proto. */
export function toVersion1(series: readonly TestSeries[], order: FieldOrder = inOrder): Buffer {
  const message = (number: number, fields: Field[]): Field => bytes(number, joinFields(fields, order))
  const label = ([name, value]: [string, string]) => message(1, [text(1, name), text(2, value)])
  const written = series.map(({ labels, samples = [], histograms = [], exemplars = [] }) =>
    message(1, [
      ...labels.map(label),
      ...samples.map((s) => message(2, sample({ ...s, start: 0 }))),
      ...exemplars.map((e) => message(3, [...e.labels.map(label), double(2, e.value), integer(3, e.at)])),
      ...histograms.map((h) => message(4, native({ ...h, start: 0 }, message))),
      bytes(99, Buffer.from('unknown')),
    ]),
  )
  return joinFields(written, order)
}

/** A MetricMetadata of version 1, to be put behind the series. */
export function metadata1(family: string, help: string, unit: string): Buffer {
  return joinFields(
    [bytes(3, joinFields([varintField(1, 1n), text(2, family), text(4, help), text(5, unit)], inOrder))],
    inOrder,
  )
}

/** An io.prometheus.write.v2.Request, written by hand from prompb/io/prometheus/write/v2/types.proto. */
export function toVersion2(series: readonly TestSeries[], order: FieldOrder = inOrder): Buffer {
  const message = (number: number, fields: Field[]): Field => bytes(number, joinFields(fields, order))
  const symbols = new Map([['', 0]])
  const ref = (symbol: string) => {
    const known = symbols.get(symbol) ?? symbols.size
    symbols.set(symbol, known)
    return BigInt(known)
  }
  const refs = (labels: [string, string][]) => packedVarints(1, labels.flat().map(ref))
  const written = series.map(({ labels, samples = [], histograms = [], exemplars = [], type = 0, unit, help }) =>
    message(5, [
      ...refs(labels),
      ...samples.map((s) => message(2, sample(s))),
      ...histograms.map((h) => message(3, native(h, message))),
      ...exemplars.map((e) => message(4, [...refs(e.labels), double(2, e.value), integer(3, e.at)])),
      message(5, [varintField(1, BigInt(type)), varintField(3, ref(help ?? '')), varintField(4, ref(unit ?? ''))]),
      bytes(99, Buffer.from('unknown')),
    ]),
  )
  return joinFields([...Array.from(symbols.keys(), (symbol) => text(4, symbol)), ...written], order)
}

function sample({ at, bits, start = 0 }: TestSample): Field[] {
  return [fixed(1, bits), integer(2, at), ...(start === 0 ? [] : [integer(3, start)])]
}

function native(h: TestNative, message: (number: number, fields: Field[]) => Field): Field[] {
  const count = (value: number, whole: number) =>
    h.isFloat ? double(whole + 1, value) : varintField(whole, BigInt(value))
  const side = ({ spans, deltas, counts }: NativeSide, field: number): Field[] => [
    ...pairs(spans).map(([offset, length]) =>
      message(field, [varintField(1, zigzag(BigInt(offset))), varintField(2, BigInt(length))]),
    ),
    ...packedVarints(
      field + 1,
      deltas.map((delta) => zigzag(BigInt(delta))),
    ),
    ...packedDoubles(field + 2, counts),
  ]
  return [
    count(h.count, 1),
    typeof h.sum === 'bigint' ? fixed(3, h.sum) : double(3, h.sum),
    varintField(4, zigzag(BigInt(h.schema))),
    double(5, h.zeroThreshold ?? 0),
    count(h.zeroCount ?? 0, 6),
    ...side(h.negative ?? NO_SIDE, 8),
    ...side(h.positive ?? NO_SIDE, 11),
    varintField(14, BigInt(h.resetHint ?? 0)),
    integer(15, h.at),
    ...packedDoubles(16, h.customValues ?? []),
    ...(h.start ? [integer(17, h.start)] : []),
  ]
}

function pairs(spans: readonly number[]): [number, number][] {
  return Array.from({ length: spans.length / 2 }, (_, i) => [spans[2 * i]!, spans[2 * i + 1]!])
}

function text(number: number, value: string): Field {
  return bytes(number, Buffer.from(value))
}

function integer(number: number, value: number): Field {
  return varintField(number, BigInt(value))
}
