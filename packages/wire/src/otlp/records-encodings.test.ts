import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NinesError } from '@nines/kernel'
import { BlockBuilder } from '../block/block-builder.ts'
import type { TableBlock } from '../block/table-block.ts'
import { encodeBlock } from '../block/encode-block.ts'
import type { IngestOutcome } from './rejected-rows.ts'
import { logsFromJson } from './logs-from-json.ts'
import { logsFromProtobuf } from './logs-from-protobuf.ts'
import { LogsNormaliser } from './logs-normaliser.ts'
import { TEST_NOW } from './otlp-test-messages.ts'
import { mixedOrder } from './protobuf-test-writer.ts'
import { logsRequest, tracesRequest } from './otlp-test-records.ts'
import { LOGS_REQUEST, TRACES_REQUEST, writeJson, writeProtobuf, type ProtobufStyle } from './otlp-test-schema.ts'
import { tracesFromJson } from './traces-from-json.ts'
import { tracesFromProtobuf } from './traces-from-protobuf.ts'
import { TracesNormaliser } from './traces-normaliser.ts'

interface Result {
  block: TableBlock
  outcome: IngestOutcome
}

function logs(read: typeof logsFromJson) {
  return (bytes: Buffer): Result => {
    const builder = new BlockBuilder(7, TEST_NOW)
    const normaliser = new LogsNormaliser(builder, TEST_NOW)
    read(bytes, normaliser)
    return { outcome: normaliser.outcome(), block: builder.finish() }
  }
}

function traces(read: typeof tracesFromJson) {
  return (bytes: Buffer): Result => {
    const builder = new BlockBuilder(7, TEST_NOW)
    const normaliser = new TracesNormaliser(builder, TEST_NOW)
    read(bytes, normaliser)
    return { outcome: normaliser.outcome(), block: builder.finish() }
  }
}

const SIGNALS = [
  {
    signal: 'logs',
    request: logsRequest,
    schema: LOGS_REQUEST,
    fromJson: logs(logsFromJson),
    fromProtobuf: logs(logsFromProtobuf),
  },
  {
    signal: 'traces',
    request: tracesRequest,
    schema: TRACES_REQUEST,
    fromJson: traces(tracesFromJson),
    fromProtobuf: traces(tracesFromProtobuf),
  },
]

/** Mixed fields, and every other singular message in two parts. */
function mixedStyle(seed: number): ProtobufStyle {
  let turn = seed
  return { order: mixedOrder(seed), hasUnknown: seed % 3 > 0, split: () => turn++ % 2 === 0 }
}

/** Equal to the byte; the comparison of objects is slow and only there to show a difference. */
function expectEqual(one: Result, other: Result): void {
  expect(one.outcome).toEqual(other.outcome)
  const equal = encodeBlock(one.block).equals(encodeBlock(other.block))
  if (!equal) expect(one.block.tables).toStrictEqual(other.block.tables)
  expect(equal).toBe(true)
}

describe.each(SIGNALS)(
  'one request of $signal',
  { timeout: 600_000 },
  ({ request, schema, fromJson, fromProtobuf }) => {
    test('gives equal blocks and outcomes in protobuf of any order, merged parts, and JSON', () => {
      let accepted = 0
      let rejected = 0
      fc.assert(
        fc.property(request, fc.nat(), (message, seed) => {
          const json = fromJson(writeJson(message, schema))
          expectEqual(fromProtobuf(writeProtobuf(message, schema)), json)
          expectEqual(fromProtobuf(writeProtobuf(message, schema, mixedStyle(seed))), json)
          accepted += json.outcome.accepted
          rejected += json.outcome.rejected
        }),
        { numRuns: 300 },
      )
      // The generator must reach both outcomes often, or the equality above says little.
      expect(accepted).toBeGreaterThan(100)
      expect(rejected).toBeGreaterThan(100)
    })

    test('cut anywhere either ends at a field or is refused with a place', () => {
      fc.assert(
        fc.property(request, (message) => {
          const bytes = writeProtobuf(message, schema)
          // Every cut of a small message; a big one has too many.
          const step = Math.max(1, Math.floor(bytes.length / 500))
          for (let cut = 0; cut < bytes.length; cut += step) {
            try {
              fromProtobuf(bytes.subarray(0, cut))
            } catch (error) {
              expect(error).toMatchObject({ code: 'bad_request' })
              expect((error as NinesError).message).toMatch(/^malformed OTLP protobuf at byte \d+ in [\w.]+/)
            }
          }
        }),
        { numRuns: 20 },
      )
    })
  },
)
