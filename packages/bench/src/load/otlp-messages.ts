import { ByteWriter } from './byte-writer.ts'

/** opentelemetry.proto.common.v1.KeyValue with a string, or an integer where a number is given. */
export function keyValue(name: string, value: string | number): ByteWriter {
  const any = new ByteWriter()
  if (typeof value === 'string') any.string(1, value)
  else any.uint(3, value)
  const pair = new ByteWriter()
  pair.string(1, name)
  pair.message(2, any)
  return pair
}

/** opentelemetry.proto.resource.v1.Resource */
export function resource(attributes: [name: string, value: string | number][]): ByteWriter {
  const message = new ByteWriter()
  for (const [name, value] of attributes) message.message(1, keyValue(name, value))
  return message
}

/** opentelemetry.proto.common.v1.InstrumentationScope */
export function scope(name: string): ByteWriter {
  const message = new ByteWriter()
  message.string(1, name)
  message.string(2, '1.4.0')
  return message
}
