import type {
  TestAttribute,
  TestHistogramPoint,
  TestMetric,
  TestNumberPoint,
  TestPoint,
  TestRequest,
  TestValue,
} from './otlp-test-messages.ts'

type Field = [number: number, content: Buffer]

/** Puts the fields of a message into an order; occurrences of one field keep theirs. */
export type FieldOrder = (fields: Field[]) => Field[]

export const inOrder: FieldOrder = (fields) => fields

/** Mixes the fields of each message, as a sender is allowed to. */
export function mixedOrder(seed: number): FieldOrder {
  let state = seed >>> 0
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return (fields) => {
    const queues = Object.values(Object.groupBy(fields, ([number]) => number)).map((queue) => [...(queue ?? [])])
    const mixed: Field[] = []
    while (queues.length > 0) {
      const i = random(queues.length)
      mixed.push(queues[i]!.shift()!)
      if (queues[i]!.length === 0) queues.splice(i, 1)
    }
    return mixed
  }
}

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
  const numberPoint = (p: TestNumberPoint): Field => {
    const value = p.value === null ? [] : 'int' in p.value ? [fixed(6, p.value.int)] : [double(4, p.value.double)]
    return message(1, [...point(p, 7, 8), ...value])
  }
  const histogramPoint = (p: TestHistogramPoint): Field =>
    message(1, [
      ...point(p, 9, 10),
      fixed(4, p.count),
      ...(p.sum === null ? [] : [double(5, p.sum)]),
      ...p.bucketCounts.map((count) => fixed(6, count)),
      bytes(7, Buffer.concat(p.bounds.map((bound) => doubleBytes(bound)))),
      ...(p.min === null ? [] : [double(11, p.min)]),
      ...(p.max === null ? [] : [double(12, p.max)]),
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
    const points = Array.from({ length: data.count }, () => message(1, [fixed(3, 5n)]))
    return [message(data.kind === 'summary' ? 11 : 10, points)]
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

export function varint(value: bigint): Buffer {
  const out: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) | 128)
  return Buffer.from([...out, Number(rest)])
}

function tag(number: number, wire: number): Buffer {
  return varint(BigInt(number * 8 + wire))
}

export function bytes(number: number, content: Buffer): Field {
  return [number, Buffer.concat([tag(number, 2), varint(BigInt(content.length)), content])]
}

function varintField(number: number, value: bigint): Field {
  return [number, Buffer.concat([tag(number, 0), varint(value)])]
}

function fixed(number: number, value: bigint): Field {
  const out = Buffer.alloc(8)
  out.writeBigUInt64LE(BigInt.asUintN(64, value))
  return [number, Buffer.concat([tag(number, 1), out])]
}

function double(number: number, value: number): Field {
  return [number, Buffer.concat([tag(number, 1), doubleBytes(value)])]
}

function doubleBytes(value: number): Buffer {
  const out = Buffer.alloc(8)
  out.writeDoubleLE(value)
  return out
}
