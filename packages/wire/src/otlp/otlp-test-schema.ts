import { bytes, varint, type FieldOrder } from './protobuf-test-writer.ts'

/** Messages of logs and traces as data, written once in protobuf and once in JSON from one description. */
type Scalar = 'string' | 'bytes' | 'id' | 'fixed64' | 'fixed32' | 'uint32' | 'enum' | 'int64' | 'double' | 'bool'
type Kind = Scalar | (() => TestSchema)
/** Field by its JSON name: number, kind, and whether it is repeated. */
export type TestSchema = Readonly<Record<string, readonly [number: number, kind: Kind, repeated?: 'repeated']>>
export type TestMessage = Readonly<Record<string, unknown>>

const ANY_VALUE: TestSchema = {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  arrayValue: [5, () => ({ values: [1, () => ANY_VALUE, 'repeated'] })],
  kvlistValue: [6, () => ({ values: [1, () => KEY_VALUE, 'repeated'] })],
  bytesValue: [7, 'bytes'],
}
const KEY_VALUE: TestSchema = { key: [1, 'string'], value: [2, () => ANY_VALUE] }
const RESOURCE: TestSchema = { attributes: [1, () => KEY_VALUE, 'repeated'], droppedAttributesCount: [2, 'uint32'] }
const SCOPE: TestSchema = {
  name: [1, 'string'],
  version: [2, 'string'],
  attributes: [3, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [4, 'uint32'],
}
const LOG_RECORD: TestSchema = {
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'enum'],
  severityText: [3, 'string'],
  body: [5, () => ANY_VALUE],
  attributes: [6, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [7, 'uint32'],
  flags: [8, 'fixed32'],
  traceId: [9, 'id'],
  spanId: [10, 'id'],
  observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'string'],
}
const EVENT: TestSchema = {
  timeUnixNano: [1, 'fixed64'],
  name: [2, 'string'],
  attributes: [3, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [4, 'uint32'],
}
const LINK: TestSchema = {
  traceId: [1, 'id'],
  spanId: [2, 'id'],
  traceState: [3, 'string'],
  attributes: [4, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [5, 'uint32'],
  flags: [6, 'fixed32'],
}
const SPAN: TestSchema = {
  traceId: [1, 'id'],
  spanId: [2, 'id'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'id'],
  name: [5, 'string'],
  kind: [6, 'enum'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, () => KEY_VALUE, 'repeated'],
  droppedAttributesCount: [10, 'uint32'],
  events: [11, () => EVENT, 'repeated'],
  droppedEventsCount: [12, 'uint32'],
  links: [13, () => LINK, 'repeated'],
  droppedLinksCount: [14, 'uint32'],
  status: [15, () => ({ message: [2, 'string'], code: [3, 'enum'] })],
  flags: [16, 'fixed32'],
}

function request(resources: string, scopes: string, records: string, record: TestSchema): TestSchema {
  const scope: TestSchema = {
    scope: [1, () => SCOPE],
    [records]: [2, () => record, 'repeated'],
    schemaUrl: [3, 'string'],
  }
  const resource: TestSchema = {
    resource: [1, () => RESOURCE],
    [scopes]: [2, () => scope, 'repeated'],
    schemaUrl: [3, 'string'],
  }
  return { [resources]: [1, () => resource, 'repeated'] }
}

/** ExportLogsServiceRequest and ExportTraceServiceRequest. */
export const LOGS_REQUEST = request('resourceLogs', 'scopeLogs', 'logRecords', LOG_RECORD)
export const TRACES_REQUEST = request('resourceSpans', 'scopeSpans', 'spans', SPAN)

export interface ProtobufStyle {
  order: FieldOrder
  /** Adds a field to each message that no receiver knows. */
  hasUnknown: boolean
  /** Whether the next singular message is to be written in two parts, which a parser merges. */
  split: () => boolean
}

export const plainStyle: ProtobufStyle = { order: (fields) => fields, hasUnknown: false, split: () => false }

/** The message in protobuf. Ids are hexadecimal in the data. */
export function writeProtobuf(message: TestMessage, schema: TestSchema, style = plainStyle): Buffer {
  const fields = protobufFields(message, schema, style)
  return Buffer.concat(style.order(fields).map(([, content]) => content))
}

function protobufFields(message: TestMessage, schema: TestSchema, style: ProtobufStyle): [number, Buffer][] {
  const fields: [number, Buffer][] = style.hasUnknown ? [bytes(999, Buffer.from('unknown'))] : []
  for (const [name, [number, kind, repeated]] of Object.entries(schema)) {
    const value = message[name]
    if (value === undefined || value === null) continue
    if (typeof kind !== 'function') fields.push(scalarField(number, kind, value))
    else if (repeated)
      for (const item of value as TestMessage[]) fields.push(bytes(number, writeProtobuf(item, kind(), style)))
    else
      for (const part of parts(value as TestMessage, style))
        fields.push(bytes(number, writeProtobuf(part, kind(), style)))
  }
  return fields
}

/** A message, or two that make it when merged. */
function parts(message: TestMessage, style: ProtobufStyle): TestMessage[] {
  if (!style.split()) return [message]
  const entries = Object.entries(message)
  const cut = entries.length >> 1
  const lists = entries.filter(([, value]) => Array.isArray(value)) as [string, unknown[]][]
  const first = Object.fromEntries([
    ...entries.slice(0, cut),
    ...lists.map(([name, list]) => [name, list.slice(0, list.length >> 1)] as const),
  ])
  const second = Object.fromEntries([
    ...entries.slice(cut).filter(([, value]) => !Array.isArray(value)),
    ...lists.map(([name, list]) => [name, list.slice(list.length >> 1)] as const),
  ])
  return [first, second]
}

function scalarField(number: number, kind: Scalar, value: unknown): [number, Buffer] {
  const tagged = (wire: number, content: Buffer): [number, Buffer] => [
    number,
    Buffer.concat([varint(BigInt(number * 8 + wire)), content]),
  ]
  if (kind === 'string') return bytes(number, Buffer.from(value as string))
  if (kind === 'id') return bytes(number, Buffer.from(value as string, 'hex'))
  if (kind === 'bytes') return bytes(number, Buffer.from(value as Uint8Array))
  if (kind === 'bool') return tagged(0, varint(value ? 1n : 0n))
  if (kind === 'int64') return tagged(0, varint(value as bigint))
  if (kind === 'uint32' || kind === 'enum') return tagged(0, varint(BigInt(value as number)))
  const content = Buffer.alloc(kind === 'fixed32' ? 4 : 8)
  if (kind === 'fixed32') content.writeUInt32LE(value as number)
  else if (kind === 'fixed64') content.writeBigUInt64LE(value as bigint)
  else content.writeDoubleLE(value as number)
  return tagged(kind === 'fixed32' ? 5 : 1, content)
}

/** The message in OTLP's JSON encoding, with 64-bit integers as numbers where these are exact. */
export function writeJson(message: TestMessage, schema: TestSchema): Buffer {
  return Buffer.from(JSON.stringify(jsonOf(message, schema)))
}

function jsonOf(message: TestMessage, schema: TestSchema): object {
  const entries = Object.entries(schema).flatMap(([name, [, kind, repeated]]) => {
    const value = message[name]
    if (value === undefined) return []
    if (value === null) return [[name, null]]
    if (typeof kind !== 'function') return [[name, jsonScalar(kind, value)]]
    if (!repeated) return [[name, jsonOf(value as TestMessage, kind())]]
    return [[name, (value as TestMessage[]).map((item) => jsonOf(item, kind()))]]
  })
  return { ...Object.fromEntries(entries), unknownField: { nested: [1] } }
}

function jsonScalar(kind: Scalar, value: unknown): unknown {
  if (kind === 'bytes') return Buffer.from(value as Uint8Array).toString('base64')
  if (kind === 'id') return (value as string).startsWith('a') ? (value as string).toUpperCase() : value
  if (kind === 'double') {
    const double = value as number
    return Number.isFinite(double) && !Object.is(double, -0) ? double : Object.is(double, -0) ? '-0' : String(double)
  }
  if (typeof value !== 'bigint') return value
  const isExact = value % 2n === 0n && value > -(2n ** 53n) && value < 2n ** 53n
  return isExact ? Number(value) : value.toString()
}
