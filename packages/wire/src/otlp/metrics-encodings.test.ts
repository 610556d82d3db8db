import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NinesError } from '@nines/kernel'
import type { Block } from '../block/block.ts'
import { BlockBuilder } from '../block/block-builder.ts'
import { emptyBlock } from '../block/empty-block.ts'
import { encodeBlock } from '../block/encode-block.ts'
import { tablesOf } from '../block/table-rows-of-block.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { metricsFromJson } from './metrics-from-json.ts'
import { metricsFromProtobuf } from './metrics-from-protobuf.ts'
import { MetricsNormaliser } from './metrics-normaliser.ts'
import { toJson } from './otlp-test-json.ts'
import { TEST_NOW } from './otlp-test-messages.ts'
import { toProtobuf } from './otlp-test-protobuf.ts'
import { testRequest } from './otlp-test-request.ts'
import { inOrder, mixedOrder } from './protobuf-test-writer.ts'

type Format = typeof metricsFromJson

function run(format: Format, bytes: Buffer, cache = new SeriesCache()) {
  const builder = new BlockBuilder(7, TEST_NOW)
  const normaliser = new MetricsNormaliser(builder, cache, TEST_NOW)
  format(bytes, normaliser)
  return { builder, outcome: normaliser.outcome(), block: builder.finish() }
}

/** Equal to the byte; the comparison of objects is slow and only there to show a difference. */
function expectEqual(one: Block, other: Block): void {
  if (!encodeBlock(one).equals(encodeBlock(other))) expect(one).toStrictEqual(other)
  expect(encodeBlock(one).equals(encodeBlock(other))).toBe(true)
}

function withoutSeries(block: Block): Block {
  const tables = new Map([...tablesOf(block)].filter(([name]) => name !== 'series'))
  return { ...emptyBlock(block.workspace, block.receivedAt), tables }
}

describe('one request in two encodings', { timeout: 60_000 }, () => {
  test('gives equal blocks and equal outcomes, whatever the order of protobuf fields', () => {
    let accepted = 0
    let rejected = 0
    fc.assert(
      fc.property(testRequest, fc.nat(), (request, seed) => {
        const fromJson = run(metricsFromJson, toJson(request))
        const plain = run(metricsFromProtobuf, toProtobuf(request, inOrder))
        const mixed = run(metricsFromProtobuf, toProtobuf(request, mixedOrder(seed)))
        expectEqual(plain.block, fromJson.block)
        expect(plain.outcome).toEqual(fromJson.outcome)
        expectEqual(mixed.block, fromJson.block)
        expect(mixed.outcome).toEqual(fromJson.outcome)
        accepted += plain.outcome.accepted
        rejected += plain.outcome.rejected
      }),
      { numRuns: 300 },
    )
    // The generator must reach both outcomes often, or the equality above says little.
    expect(accepted).toBeGreaterThan(100)
    expect(rejected).toBeGreaterThan(100)
  })

  test('a series found by its bytes is the one found by its labels', () => {
    fc.assert(
      fc.property(fc.array(testRequest, { maxLength: 4 }), (requests) => {
        const shared = new SeriesCache()
        for (const request of [...requests, ...requests]) {
          const remembered = run(metricsFromProtobuf, toProtobuf(request), shared).block
          const fresh = run(metricsFromProtobuf, toProtobuf(request)).block
          expectEqual(withoutSeries(remembered), withoutSeries(fresh))
        }
      }),
    )
  })
})

describe('malformed protobuf', { timeout: 60_000 }, () => {
  test('a message cut anywhere either ends at a field or is refused with a place', () => {
    fc.assert(
      fc.property(testRequest, fc.nat(), (request, cut) => {
        const bytes = toProtobuf(request)
        try {
          run(metricsFromProtobuf, bytes.subarray(0, cut % (bytes.length + 1)))
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_request' })
          expect((error as NinesError).message).toMatch(/^malformed OTLP protobuf at byte \d+ in \w+/)
        }
      }),
    )
  })

  test('bytes that were changed never bring anything but rows or a refusal', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(testRequest, edits, (request, changes) => {
        const bytes = toProtobuf(request)
        if (bytes.length > 0) for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        try {
          expect(encodeBlock(run(metricsFromProtobuf, bytes).block).length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_request' })
        }
      }),
      { numRuns: 500 },
    )
  })
})
