import type {
  TestAttribute,
  TestExemplar,
  TestExponentialPoint,
  TestHistogramPoint,
  TestMetric,
  TestNumber,
  TestNumberPoint,
  TestPoint,
  TestRequest,
  TestSide,
  TestSummaryPoint,
  TestValue,
} from './otlp-test-messages.ts'
import {
  bytes,
  double,
  doubleBytes,
  fixed,
  inOrder,
  packedVarints,
  varintField,
  zigzag,
  type Field,
  type FieldOrder,
} from './protobuf-test-writer.ts'

/** A request in protobuf, written by hand from opentelemetry/proto/metrics/v1/metrics.proto. */
export function toProtobuf(request: TestRequest, order: FieldOrder = inOrder): Buffer {
  const join = (fields: Field[]) => Buffer.concat(order(fields).map(([, content]) => content))
  const message = (number: number, fields: Field[]): Field => bytes(number, join(fields))
  const anyValue = (value: TestValue): Field[] => {
    if (value === null) return []
    if ('string' in value) return [bytes(1, Buffer.from(value.string))]
    if ('bool' in value) return [varintField(2, value.bool ? 1n : 0n)]
    if ('int' in value) return [varintField(3, value.int)]
    if ('double' in value) return [double(4, value.double)]
    if ('list' in value)
      return [
        message(
          5,
          value.list.map((item) => message(1, anyValue(item))),
        ),
      ]
    if ('map' in value)
      return [
        message(
          6,
          value.map.map((item) => keyValue(1, item)),
        ),
      ]
    return [bytes(7, Buffer.from(value.bytes))]
  }
  const keyValue = (number: number, { key, value }: TestAttribute): Field =>
    message(number, [bytes(1, Buffer.from(key)), message(2, anyValue(value))])
  const point = (p: TestPoint, attributeField: number, flagsField: number): Field[] => [
    fixed(2, p.start),
    fixed(3, p.at),
    ...p.attributes.map((a) => keyValue(attributeField, a)),
    varintField(flagsField, BigInt(p.flags)),
    bytes(999, Buffer.from('unknown')),
  ]
  const number = (value: TestNumber, doubleField: number): Field[] => {
    if (value === null) return []
    return 'int' in value ? [fixed(6, value.int)] : [double(doubleField, value.double)]
  }
  const exemplar = (field: number, { attributes, at, value, traceId, spanId }: TestExemplar): Field =>
    message(field, [
      ...attributes.map((a) => keyValue(7, a)),
      fixed(2, at),
      ...number(value, 3),
      bytes(4, Buffer.from(spanId)),
      bytes(5, Buffer.from(traceId)),
    ])
  const numberPoint = (p: TestNumberPoint): Field =>
    message(1, [...point(p, 7, 8), ...number(p.value, 4), ...p.exemplars.map((e) => exemplar(5, e))])
  const histogramPoint = (p: TestHistogramPoint): Field =>
    message(1, [
      ...point(p, 9, 10),
      fixed(4, p.count),
      ...(p.sum === null ? [] : [double(5, p.sum)]),
      ...p.bucketCounts.map((count) => fixed(6, count)),
      bytes(7, Buffer.concat(p.bounds.map((bound) => doubleBytes(bound)))),
      ...(p.min === null ? [] : [double(11, p.min)]),
      ...(p.max === null ? [] : [double(12, p.max)]),
      ...p.exemplars.map((e) => exemplar(8, e)),
    ])
  const side = (field: number, { offset, counts }: TestSide): Field =>
    message(field, [varintField(1, zigzag(BigInt(offset))), ...packedVarints(2, counts)])
  const exponentialPoint = (p: TestExponentialPoint): Field =>
    message(1, [
      ...point(p, 1, 10),
      fixed(4, p.count),
      ...(p.sum === null ? [] : [double(5, p.sum)]),
      varintField(6, zigzag(BigInt(p.scale))),
      fixed(7, p.zeroCount),
      ...(p.positive ? [side(8, p.positive)] : []),
      ...(p.negative ? [side(9, p.negative)] : []),
      ...p.exemplars.map((e) => exemplar(11, e)),
      ...(p.min === null ? [] : [double(12, p.min)]),
      ...(p.max === null ? [] : [double(13, p.max)]),
      double(14, p.zeroThreshold),
    ])
  const summaryPoint = (p: TestSummaryPoint): Field =>
    message(1, [
      ...point(p, 7, 8),
      fixed(4, p.count),
      double(5, p.sum),
      ...p.quantiles.map(({ quantile, value }) => message(6, [double(1, quantile), double(2, value)])),
    ])
  const data = ({ data }: TestMetric): Field[] => {
    if (data === null) return []
    if (data.kind === 'gauge') return [message(5, data.points.map(numberPoint))]
    if (data.kind === 'sum') {
      const flags = [varintField(2, BigInt(data.temporality)), varintField(3, data.monotonic ? 1n : 0n)]
      return [message(7, [...data.points.map(numberPoint), ...flags])]
    }
    if (data.kind === 'histogram')
      return [message(9, [...data.points.map(histogramPoint), varintField(2, BigInt(data.temporality))])]
    if (data.kind === 'summary') return [message(11, data.points.map(summaryPoint))]
    return [message(10, [...data.points.map(exponentialPoint), varintField(2, BigInt(data.temporality))])]
  }
  const metric = (m: TestMetric): Field => {
    const texts = [bytes(1, Buffer.from(m.name)), bytes(2, Buffer.from(m.description)), bytes(3, Buffer.from(m.unit))]
    return message(2, [...texts, ...data(m)])
  }
  const resources = request.map((resource) => {
    const attributes = (resource.attributes ?? []).map((a) => keyValue(1, a))
    const scopes = resource.scopes.map((scope) =>
      message(2, [
        message(1, [bytes(1, Buffer.from(scope.name)), bytes(2, Buffer.from('1.0'))]),
        ...scope.metrics.map(metric),
      ]),
    )
    return message(1, [
      ...(resource.attributes ? [message(1, attributes)] : []),
      ...scopes,
      bytes(3, Buffer.from('url')),
    ])
  })
  return join(resources)
}
