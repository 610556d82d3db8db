import { describe, expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { logsFromProtobuf } from './logs-from-protobuf.ts'
import { LogsNormaliser } from './logs-normaliser.ts'
import { bytes } from './protobuf-test-writer.ts'
import { tracesFromJson } from './traces-from-json.ts'
import { TracesNormaliser } from './traces-normaliser.ts'

const NOW = 1_800_000_000_000
const wrap = (fields: number[], content: Buffer) => fields.reduce((inner, field) => bytes(field, inner)[1], content)

function logs(record: Buffer) {
  const builder = new BlockBuilder(7, NOW)
  const normaliser = new LogsNormaliser(builder, NOW)
  logsFromProtobuf(wrap([2, 2, 1], record), normaliser)
  return normaliser.outcome()
}

describe('a request that is made to cost much', { timeout: 30_000 }, () => {
  test('with a list in a million parts is read in one go', () => {
    const part = wrap([1, 5], Buffer.alloc(0))
    const body = bytes(5, Buffer.concat(Array.from({ length: 200_000 }, () => part)))[1]
    // Joined pairwise this would copy 20 thousand million items.
    expect(logs(body).accepted).toBe(1)
  })

  test('with a million attributes keeps none of them', () => {
    const attribute = bytes(6, bytes(1, Buffer.from('k'))[1])[1]
    const outcome = logs(Buffer.concat(Array.from({ length: 300_000 }, () => attribute)))
    expect(outcome.message).toMatch('a record has 300000 attributes, at most 256 are allowed')
  })

  test('nested deeper than any sender means is refused', () => {
    const nested = wrap(Array.from({ length: 10_000 }, () => [1, 5]).flat(), Buffer.alloc(0))
    expect(() => logs(bytes(5, nested)[1])).toThrow('nested deeper than 32')
  })

  test('whose every span is rejected for another name is told of ten', () => {
    const spans = Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}` }))
    const builder = new BlockBuilder(7, NOW)
    const normaliser = new TracesNormaliser(builder, NOW)
    tracesFromJson(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })), normaliser)
    const { rejected, message } = normaliser.outcome()
    expect(rejected).toBe(20_000)
    expect(message).toMatch(/span "n9": its trace id is missing \(1 span\); and many more reasons$/)
    expect(message.length).toBeLessThan(1_000)
  })
})
