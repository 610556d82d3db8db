import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { decodeBlock } from '../block/decode-block.ts'
import { encodeBlock } from '../block/encode-block.ts'
import { MemoryPool } from './memory-pool.ts'

test('memory that was given back is used again, nobody gets the same twice', () => {
  const pool = new MemoryPool()
  const [one, other] = [pool.take(5_000), pool.take(5_000)]
  expect(one.length).toBe(8_192)
  expect(one.buffer).not.toBe(other.buffer)
  pool.give(one.subarray(10, 20))
  expect(pool.take(4_097).buffer).toBe(one.buffer)
  expect(pool.take(8_192).buffer).not.toBe(one.buffer)
})

test('sizes that are not asked for any more make room for those that are', () => {
  const pool = new MemoryPool()
  const [rare, often] = [2 ** 22, 2 ** 20]
  const taken = (size: number, count: number) => Array.from({ length: count }, () => pool.take(size))
  const give = (all: Buffer<ArrayBuffer>[]) => {
    for (const one of all) pool.give(one)
  }
  give(taken(rare, 4))
  const used = taken(often, 16)
  give(used)
  const again = taken(often, 16)
  expect(again.every((one) => used.some((other) => other.buffer === one.buffer))).toBe(true)
  give(again)
  give(taken(often, 17))
})

test('blocks built in memory that was used before are those of fresh memory', () => {
  const memory = new MemoryPool()
  const row = fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(), fc.constantFrom(0, 0, 7), fc.double())
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 300 }), { maxLength: 6 }), (batches) => {
      const build = (used?: MemoryPool) => {
        const builder = new BlockBuilder(1, 5, used ? { memory: used } : {})
        for (const batch of batches)
          builder.addSamples({
            count: batch.length,
            series: BigUint64Array.from(batch, (r) => r[0]),
            at: BigInt64Array.from(batch, (r) => BigInt(r[1])),
            start: batch.some((r) => r[2] > 0) ? BigInt64Array.from(batch, (r) => BigInt(r[2])) : null,
            value: Float64Array.from(batch, (r) => r[3]),
          })
        const bytes = encodeBlock(builder.finish())
        builder.release()
        return bytes
      }
      const fresh = build()
      expect(build(memory).equals(fresh)).toBe(true)
      expect(build(memory).equals(fresh)).toBe(true)
      const starts = decodeBlock(fresh).samples.start
      expect([...starts]).toEqual(batches.flat().map((r) => r[2]))
    }),
  )
})
