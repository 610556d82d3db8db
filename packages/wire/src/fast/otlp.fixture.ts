import { bytes, double, fixed64, integer, message } from './protobuf-writer.fixture.ts'
import { NOW } from './remote-write.fixture.ts'

/** A KeyValue with a text; field 7 in a point, 1 in a resource. */
export function attribute(key: string, value: string, field = 7): Buffer {
  return message(field, [bytes(1, key), message(2, [bytes(1, value)])])
}

export interface WrittenPoint {
  value?: number
  int?: bigint
  at?: number
  start?: number
  attributes?: Buffer[]
  /** Fields behind the usual ones. */
  more?: Buffer[]
}

/** A NumberDataPoint as field 1, its fields in the order in which OpenTelemetry's libraries write them. */
export function point({ value, int, at = NOW, start, attributes, more = [] }: WrittenPoint): Buffer {
  return message(1, [
    ...(start === undefined ? [] : [fixed64(2, BigInt(start) * 1_000_000n)]),
    fixed64(3, BigInt(at) * 1_000_000n),
    ...(value === undefined ? [] : [double(4, value)]),
    ...(int === undefined ? [] : [fixed64(6, int)]),
    ...(attributes ?? [attribute('host', 'web-1'), attribute('region', 'eu-west-1')]),
    ...more,
  ])
}

export function metricFields(name: string, description = 'what it is', unit = '1'): Buffer[] {
  return [bytes(1, name), bytes(2, description), bytes(3, unit)]
}

export function gauge(name: string, points: Buffer[]): Buffer {
  return message(2, [...metricFields(name), message(5, points)])
}

export function sum(name: string, points: Buffer[], temporality: number, monotonic: boolean): Buffer {
  const behind = [integer(2, temporality), ...(monotonic ? [integer(3, 1)] : [])]
  return message(2, [...metricFields(name), message(7, [...points, ...behind])])
}

/** One resource with one scope. */
export function request(metrics: Buffer[], parts: { resource?: Buffer; scope?: Buffer } = {}): Buffer {
  const resource = parts.resource ?? message(1, [attribute('service.name', 'shop', 1)])
  const scope = parts.scope ?? message(1, [bytes(1, 'lib'), bytes(2, '1.0')])
  return message(1, [resource, message(2, [scope, ...metrics])])
}

/** How each message arranges its fields. */
export const METRICS_ORDER = {
  resource: (parts: Buffer[]) => parts,
  scope: (parts: Buffer[]) => parts,
  metric: (parts: Buffer[]) => parts,
  sum: (parts: Buffer[]) => parts,
  point: (parts: Buffer[]) => parts,
}
