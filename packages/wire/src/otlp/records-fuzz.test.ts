import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NinesError } from '@nines/kernel'
import { BlockBuilder } from '../block/block-builder.ts'
import { streamsOf } from '../columns/column-type.ts'
import type { ColumnTable } from '../columns/column-table.ts'
import { mutated, seeded } from '../fast/mutations.fixture.ts'
import { lokiFromJson } from '../loki/loki-from-json.ts'
import { lokiFromProtobuf } from '../loki/loki-from-protobuf.ts'
import { redOf } from '../red/red-of.ts'
import { RedOperations } from '../red/red-operations.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { zipkinFromJson } from '../zipkin/zipkin-from-json.ts'
import { logsFromJson } from './logs-from-json.ts'
import { logsFromProtobuf } from './logs-from-protobuf.ts'
import { LogsNormaliser } from './logs-normaliser.ts'
import { TEST_NOW } from './otlp-test-messages.ts'
import { logsRequest, tracesRequest } from './otlp-test-records.ts'
import { LOGS_REQUEST, TRACES_REQUEST, writeJson, writeProtobuf } from './otlp-test-schema.ts'
import { bytes } from './protobuf-test-writer.ts'
import { tracesFromJson } from './traces-from-json.ts'
import { tracesFromProtobuf } from './traces-from-protobuf.ts'
import { TracesNormaliser } from './traces-normaliser.ts'

/** Changed bodies in all; a million takes some minutes. */
const ITERATIONS = Number(process.env.NINES_FUZZ_ITERATIONS ?? 20_000)
const SEED = Number(process.env.NINES_FUZZ_SEED ?? 20_261_126)

const sample = <T>(arbitrary: fc.Arbitrary<T>) => fc.sample(arbitrary, { numRuns: 60, seed: 7 })
const small = (bodies: Buffer[]) => bodies.filter(({ length }) => length > 60 && length < 4_000)
const operations = new RedOperations(new SeriesCache())

function logs(read: typeof logsFromJson) {
  return (body: Buffer) => {
    const builder = new BlockBuilder(7, TEST_NOW)
    const normaliser = new LogsNormaliser(builder, TEST_NOW)
    read(body, normaliser)
    expectWhole(builder.finish().tables.get('logs'), normaliser.outcome().accepted)
  }
}

function traces(read: typeof tracesFromJson) {
  return (body: Buffer) => {
    const builder = new BlockBuilder(7, TEST_NOW)
    const normaliser = new TracesNormaliser(builder, TEST_NOW)
    read(body, normaliser)
    const spans = builder.finish().tables.get('spans')
    const { accepted } = normaliser.outcome()
    expectWhole(spans, accepted)
    if (spans) redOf([spans], new BlockBuilder(7, TEST_NOW), operations, TEST_NOW)
  }
}

/** Every column has as many values as the table has rows. */
function expectWhole(table: ColumnTable | undefined, rows: number): void {
  if ((table?.rows ?? 0) !== rows) expect(table?.rows ?? 0).toBe(rows)
  for (const { name, type, streams } of table?.columns ?? []) {
    let count = rows
    for (const [i, layout] of streamsOf(type).entries()) {
      const stream = streams[i]!
      const wanted =
        layout.kind === 'string' ? textBytes(stream, count) : count * (layout.kind === 'fixed' ? layout.width : 8)
      if (stream.length !== wanted) expect(`${name} ${i}: ${stream.length}`).toBe(`${name} ${i}: ${wanted}`)
      if (layout.kind === 'offsets') count = count === 0 ? 0 : Number(stream.readBigUInt64LE(8 * (count - 1)))
    }
  }
}

/** Bytes that the first texts of a stream take. */
function textBytes(stream: Buffer, count: number): number {
  let at = 0
  for (let i = 0; i < count; i++) {
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = stream[at++]!
      size |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    at += size
  }
  return at
}

const nanos = `${TEST_NOW}000000`
const pair = (field: number, name: string, value: string) =>
  bytes(field, Buffer.concat([bytes(1, Buffer.from(name))[1], bytes(2, Buffer.from(value))[1]]))[1]
const entry = Buffer.concat([
  bytes(1, Buffer.from([8, 0x80, 0xe4, 0xa5, 0xd5, 0x06, 16, 7]))[1],
  bytes(2, Buffer.from('a line'))[1],
  pair(3, 'level', 'warn'),
  pair(3, 'trace_id', 'ab'.repeat(16)),
])
const stream = Buffer.concat([bytes(1, Buffer.from('{app="a", b="\\"ü"}'))[1], bytes(2, entry)[1], bytes(2, entry)[1]])
const zipkinSpan = {
  traceId: 'ab'.repeat(8),
  id: 'ab'.repeat(8),
  kind: 'SERVER',
  timestamp: TEST_NOW * 1_000,
  duration: 5,
  localEndpoint: { serviceName: 'x', port: 80 },
  annotations: [{ timestamp: TEST_NOW * 1_000, value: 'e|{"a":1}|0' }],
  tags: { error: 'why', 'otlp.link.0': `${'ab'.repeat(16)}|${'ab'.repeat(8)}|s|{}|0` },
}

const FORMATS: Record<string, { bodies: Buffer[]; read: (body: Buffer) => void }> = {
  'OTLP logs in protobuf': {
    bodies: small(sample(logsRequest).map((message) => writeProtobuf(message, LOGS_REQUEST))),
    read: logs(logsFromProtobuf),
  },
  'OTLP logs in JSON': {
    bodies: small(sample(logsRequest).map((message) => writeJson(message, LOGS_REQUEST))),
    read: logs(logsFromJson),
  },
  'OTLP traces in protobuf': {
    bodies: small(sample(tracesRequest).map((message) => writeProtobuf(message, TRACES_REQUEST))),
    read: traces(tracesFromProtobuf),
  },
  'OTLP traces in JSON': {
    bodies: small(sample(tracesRequest).map((message) => writeJson(message, TRACES_REQUEST))),
    read: traces(tracesFromJson),
  },
  'Loki in protobuf': {
    bodies: [bytes(1, stream)[1], Buffer.concat([bytes(1, stream)[1], bytes(1, stream)[1]])],
    read: logs(lokiFromProtobuf),
  },
  'Loki in JSON': {
    bodies: [
      Buffer.from(
        JSON.stringify({
          streams: [
            {
              stream: { app: 'a', level: 'info' },
              values: [
                [nanos, 'x', { span_id: 'ab' }],
                [nanos, 'y'],
              ],
            },
          ],
        }),
      ),
    ],
    read: logs(lokiFromJson),
  },
  Zipkin: { bodies: [Buffer.from(JSON.stringify([zipkinSpan, zipkinSpan]))], read: traces(zipkinFromJson) },
}

describe('a changed body', { timeout: 3_600_000 }, () => {
  test.each(Object.entries(FORMATS))('of %s brings whole rows or a refusal', (_, { bodies, read }) => {
    expect(bodies.length).toBeGreaterThan(0)
    for (const body of bodies) read(body)
    const random = seeded(SEED)
    let refused = 0
    const iterations = Math.ceil(ITERATIONS / Object.keys(FORMATS).length)
    for (let i = 0; i < iterations; i++) {
      const body = mutated(bodies[i % bodies.length]!, bodies[random(bodies.length)]!, random)
      try {
        read(body)
      } catch (error) {
        if (!(error instanceof NinesError) || error.code !== 'bad_request')
          throw new Error(`body ${body.toString('base64')} of iteration ${i}`, { cause: error })
        refused++
      }
    }
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThan(iterations)
  })
})
